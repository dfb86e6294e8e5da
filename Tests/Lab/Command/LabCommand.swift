@main enum LabCommand { static func main() {} }

import Testing

@testable import App

struct CronFieldTests {
    @Test(arguments: [
        ("*", CronField.Kind.hour, Array(0...23)), ("5", .minute, [5]), ("0-3", .hour, [0, 1, 2, 3]),
        ("1,3,5-7", .dayOfMonth, [1, 3, 5, 6, 7]), ("*/20", .minute, [0, 20, 40]),
        ("10-30/10", .minute, [10, 20, 30]),
        ("*/10", .dayOfMonth, [1, 11, 21, 31]), ("jan,MAR", .month, [1, 3]),
        ("oct-dec", .month, [10, 11, 12]),
        ("7", .dayOfWeek, [0]), ("sun", .dayOfWeek, [0]), ("5-7", .dayOfWeek, [0, 5, 6]),
        ("mon-Fri", .dayOfWeek, [1, 2, 3, 4, 5]), ("*", .dayOfWeek, [0, 1, 2, 3, 4, 5, 6]),
        ("*/6", .dayOfWeek, [0, 6]), ("*/90", .minute, [0]), ("00-05", .minute, [0, 1, 2, 3, 4, 5]),
    ])
    func valuesOfAField(text: String, kind: CronField.Kind, values: [Int]) throws {
        let field = try CronField(text, kind)

        #expect((0...59).filter(field.contains) == values)
        #expect(field.beginsWithStar == text.hasPrefix("*"))
    }

    @Test(arguments: [
        ("60", CronField.Kind.minute, "60", "from 0 to 59"), ("-1", .minute, "-1", "from 0 to 59"),
        ("24", .hour, "24", "from 0 to 23"), ("0", .dayOfMonth, "0", "from 1 to 31"),
        ("1,32", .dayOfMonth, "32", "from 1 to 31"), ("13", .month, "13", "or a name from jan to dec"),
        ("8", .dayOfWeek, "8", "or a name from sun to sat"), ("monday", .dayOfWeek, "monday", "from 0 to 7"),
        ("", .minute, "", "from 0 to 59"), ("1,,2", .minute, "", "from 0 to 59"),
        ("+5", .minute, "+5", "number"),
        ("22-2", .hour, "22-2", "write 22-23,0-2"), ("sat-sun", .dayOfWeek, "sat-sun", "write 6-6,0-0"),
        ("5/15", .minute, "5/15", "write 5-59/15"), ("*/0", .minute, "*/0", "as in */5"),
        ("*/x", .minute, "*/x", "as in */5"), ("L", .dayOfMonth, "L", "from 1 to 31"),
        ("5#2", .dayOfWeek, "5#2", "from 0 to 7"), ("?", .dayOfMonth, "?", "from 1 to 31"),
        ("*5", .minute, "*5", "from 0 to 59"),
        ("99999999999999999999", .minute, "99999999999999999999", "number"),
    ])
    func refusedFields(text: String, kind: CronField.Kind, value: String, fix: String) {
        let problem = #expect(throws: CronField.Problem.self) { _ = try CronField(text, kind) }

        #expect(problem?.field == kind.name)
        #expect(problem?.value == value)
        #expect(problem?.fix.contains(fix) == true, "\(problem?.fix ?? "")")
    }
}

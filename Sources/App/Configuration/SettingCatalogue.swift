/// All settings, in the order in which people meet them: the one source of help, schema and `config show`.
enum SettingCatalogue {
    static let all = servers + scope + safety + content + work + limits + output + notifications + schedule

    static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
}

/// A minute on a wall clock, wherever that hangs.
struct CivilTime: Hashable, Sendable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int

    /// From Sunday, which is 0.
    let weekday: Int

    /// The wall clock's time when `seconds` have gone on it since 1970 began there.
    ///
    /// The calendar's arithmetic is that of <https://howardhinnant.github.io/date_algorithms.html>.
    init(seconds: Int) {
        let days = Self.floorDivide(seconds, 86_400)
        let second = seconds - days * 86_400
        hour = second / 3600
        minute = second % 3600 / 60
        weekday = (days + 4) - 7 * Self.floorDivide(days + 4, 7)
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static func floorDivide(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : (number - divisor + 1) / divisor
    }
}

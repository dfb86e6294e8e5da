"""The judge's part of scripts/crontab-judge."""

import random
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

ZONES = [
    "Europe/Berlin",
    "Europe/Dublin",  # winter time is the exception there
    "America/New_York",
    "America/Havana",  # the clock is set at midnight
    "America/Santiago",
    "America/St_Johns",  # an offset with half an hour
    "Atlantic/Azores",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Australia/Lord_Howe",  # set by half an hour
    "Pacific/Chatham",  # an offset with three quarters of an hour
    "Antarctica/Troll",  # set by two hours
    "Asia/Shanghai",  # never set
]
YEARS = (2027, 2027)
COUNT = 10
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()


def element(random, low, high, names):
    def value(number):
        if names and random.random() < 0.3:
            return names[(number - low) % len(names)]
        return str(number)

    kind = random.random()
    if kind < 0.5:
        return value(random.randint(low, high))
    if kind >= 0.9:
        return f"*/{random.randint(1, high)}"
    # Not of one value: the judge takes 8-8/2 for 8-31/2, and Debian's cron for 8.
    first, last = sorted(random.sample(range(low, high + 1), 2))
    # Sunday by name is the first day, not the last.
    text = f"{value(first)}-{last if last == 7 else value(last)}"
    return f"{text}/{random.randint(1, 7)}" if kind >= 0.75 else text


def field(random, low, high, names=(), star=0.4):
    if random.random() < star:
        return "*"
    count = random.choice((1, 1, 1, 2, 3))
    return ",".join(element(random, low, high, names) for _ in range(count))


def expression(random):
    """Five fields; the hours lie mostly where clocks are set."""
    while True:
        hour = random.choice((field(random, 0, 23), field(random, 0, 3, star=0.1), field(random, 0, 3, star=0.1)))
        text = " ".join(
            (
                field(random, 0, 59, star=0.15),
                hour,
                field(random, 1, 31, star=0.6),
                field(random, 1, 12, MONTHS, star=0.75),
                field(random, 0, 7, DAYS, star=0.6),
            )
        )
        try:
            CronSim(text, datetime(2026, 1, 1, tzinfo=timezone.utc))
            return text
        except CronSimError:
            continue


def changes(zone):
    """The days on which a zone's clock is set."""
    day = datetime(YEARS[0], 1, 1, tzinfo=timezone.utc)
    while day.year <= YEARS[1]:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield day
        day = following


class Undecided(Exception):
    """The judge found no answer: it goes round in circles at some midnights that the clock jumps over."""


def give_up(*_):
    raise Undecided


def wanted(text, start, zone):
    """The judge's times; one that the clock jumps over comes with others at the same instant, and only once."""
    times = []
    signal.setitimer(signal.ITIMER_REAL, 2)
    for time in CronSim(text, start.astimezone(zone)):
        time = time.astimezone(timezone.utc)
        if time > (times[-1] if times else start):
            times.append(time)
        if len(times) == COUNT:
            break
    signal.setitimer(signal.ITIMER_REAL, 0)
    return times


def minute_by_minute(text, start, zone):
    """The times of an expression with a star for minute or hour: every minute at which the clock shows what it asks for.

    Slow and sure, for the few lists that the judge gets wrong: on a day whose midnight is jumped over it begins an hour late.
    """
    judge = CronSim(text, start.astimezone(zone))
    times = []
    time = start.replace(second=0)
    while len(times) < COUNT and time.year < start.year + 2:
        time += timedelta(minutes=1)
        clock = time.astimezone(zone)
        if clock.minute in judge.minutes and clock.hour in judge.hours and clock.month in judge.months:
            if judge.match_day(clock.date()):
                times.append(time)
    return times


def answers(command, expressions, start, zone):
    with tempfile.NamedTemporaryFile("w", suffix=".crontab") as file:
        file.write(f"CRON_TZ={zone}\n" + "".join(f"{text}\n" for text in expressions))
        file.flush()
        arguments = ["schedule", "--crontab", file.name, "--next", str(COUNT), "--from", start.isoformat()]
        environment = {"HOME": "/nonexistent"}
        lines = subprocess.run([command, *arguments], env=environment, check=True, capture_output=True, text=True).stdout
    times = [[] for _ in expressions]
    for line in lines.splitlines():
        time, number, _ = line.split("\t")
        times[int(number) - 2].append(datetime.fromisoformat(time).astimezone(timezone.utc))
    return times


def main():
    command, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    generator = random.Random(seed)
    expressions = [expression(generator) for _ in range(count)]
    compared = starts = differing = overruled = 0
    signal.signal(signal.SIGALRM, give_up)
    for name in ZONES:
        zone = ZoneInfo(name)
        days = list(changes(zone)) or [datetime(2026, 3, 29, tzinfo=timezone.utc)]
        for day in days:
            start = day - timedelta(minutes=generator.randint(0, 36 * 60))
            starts += 1
            for text, times in zip(expressions, answers(command, expressions, start, name)):
                try:
                    judged = wanted(text, start, zone)
                except Undecided:
                    judged = []
                compared += len(times)
                if times == judged:
                    continue
                if "*" in text.split()[0][:1] + text.split()[1][:1]:
                    overruled += 1
                    judged = minute_by_minute(text, start, zone)
                    if times[: len(judged)] == judged:
                        print(f"{name}, {text!r} after {start}: cronsim differs, going through every minute does not")
                        continue
                differing += 1
                if differing <= 10:
                    print(f"{name}, {text!r} after {start}:")
                    for mine, theirs in zip(times, judged):
                        if mine != theirs:
                            print(f"    {mine.astimezone(zone)} and not {theirs.astimezone(zone)}")
                            break
    print(
        f"crontab-judge: {count} expressions, {len(ZONES)} zones, {starts} days on which clocks are set,"
        f" {compared} times compared, {differing} of {count * starts} lists differ,"
        f" {overruled} were judged minute by minute"
    )
    sys.exit(1 if differing else 0)


main()

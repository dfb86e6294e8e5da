"""What the lab's judges share: checks are counted, those that fail are named, and none ends the others."""

import time

checks = 0
failures = 0


def check(what, holds, detail=""):
    global checks, failures
    checks += 1
    if not holds:
        failures += 1
        print(f"  failed: {what} {detail}")


def same(what, found, expected):
    check(what, found == expected, f"is {found!r}, expected {expected!r}")


def refused(what, kind, status, call, text=""):
    """A client turns the lab's refusal into its own error."""
    try:
        call()
    except kind as error:
        same(f"{what}: status", error.response_code, status)
        check(f"{what}: words", text in str(error.error_message), repr(error.error_message))
    except Exception as error:
        check(what, False, f"raised {error!r}")
    else:
        check(what, False, "was not refused")


def eventually(what, holds):
    """GitLab, and so the lab, does some things in the background."""
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            return check(what, False, "did not come true")
        time.sleep(0.05)
    check(what, True)


def verdict(judge):
    """Says how it went; the exit code."""
    print(f"lab-judge: {judge}: {checks} checks, {failures} failed")
    return 1 if failures else 0

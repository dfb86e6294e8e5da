"""Uses the status page as a reader does, in a headless Chromium: sorts, filters, by mouse and by keyboard, on a phone, in the dark."""

import json
import sys
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

page, shots = Path(sys.argv[1]), Path(sys.argv[2])
options = webdriver.ChromeOptions()
for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,900"):
    options.add_argument(argument)
options.binary_location = "/usr/bin/chromium"
options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
browser = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
checks = 0


def check(claim, what):
    global checks
    checks += 1
    if not claim:
        browser.save_screenshot(str(shots / "failed.png"))
        sys.exit(f"page-test: {what}")


def column(number):
    script = "return [...document.querySelectorAll('#rows tr:not([hidden])')].map(row => row.cells[arguments[0]].textContent)"
    return browser.execute_script(script, number)


def header(key):
    return browser.find_element(By.CSS_SELECTOR, f"thead button[data-key={key}]")


def sorted_by(key):
    return header(key).find_element(By.XPATH, "..").get_attribute("aria-sort")


def shot(name):
    browser.save_screenshot(str(shots / f"{name}.png"))


try:
    browser.get(page.as_uri())
    rows = column(1)
    check(len(rows) > 2000, f"{len(rows)} rows")
    timing = browser.execute_script("return performance.getEntriesByType('navigation')[0].toJSON()")
    print(f"{len(rows)} rows, {page.stat().st_size / 1e6:.1f} MB: loaded and scripted in {timing['domComplete']:.0f} ms")
    check(browser.execute_script("return performance.getEntriesByType('resource').length") == 0, "something was loaded")
    shot("light")

    natural = browser.execute_script("return [...arguments[0]].sort(new Intl.Collator(undefined, {numeric: true}).compare)", rows)
    header("source").click()
    check(sorted_by("source") == "descending" and column(1) == natural[::-1], "projects are not in descending order")
    header("source").click()
    check(sorted_by("source") == "ascending" and column(1) == natural, "projects are not in ascending order")
    worst = 0
    for key in ("state", "age", "target", "reason", "source"):
        took = browser.execute_script(
            "const button = arguments[0], from = performance.now(); button.click();"
            "document.body.offsetHeight; return performance.now() - from",
            header(key),
        )
        worst = max(worst, took)
    print(f"slowest sort, layout included: {worst:.0f} ms")

    # By keyboard alone: the slash leads to the search, Tab to the columns, Enter sorts, Escape clears.
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    check(browser.switch_to.active_element.get_attribute("id") == "find", "the slash leads nowhere")
    browser.switch_to.active_element.send_keys("team-7/ project-19")
    found = column(1)
    check(found and all("team-7/" in row and "project-19" in row for row in found), f"the filter shows {found[:3]}")
    check(browser.find_element(By.ID, "shown").text == f"{len(found)} shown", "the number of rows is not said")
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    check(len(column(1)) == len(rows), "Escape does not clear the search")
    for _ in range(12):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        if browser.switch_to.active_element.get_attribute("data-key") == "age":
            break
    check(browser.switch_to.active_element.get_attribute("data-key") == "age", "Tab does not reach the columns")
    shot("focus")
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    check(sorted_by("age") == "ascending", "Enter does not sort")
    success = browser.execute_script(
        "return [...document.querySelectorAll('#rows tr')].map(row => row.dataset.success === '' ? -1 : +row.dataset.success)")
    check(success == sorted(success), "the oldest copy is not the first")

    Select(browser.find_element(By.ID, "show")).select_by_value("bad")
    check(set(column(0)) == {"partial"} and len(column(0)) == 2000 // 97, "the filter for what is not equal is wrong")
    browser.refresh()
    check(set(column(0)) == {"partial"}, "a reload forgets what was chosen")
    check(sorted_by("age") == "ascending", "a reload forgets the order")
    Select(browser.find_element(By.ID, "show")).select_by_value("all")

    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    back = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    check(back == "rgb(20, 23, 26)", f"the dark page is {back}")
    shot("dark")

    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 400, "height": 800, "deviceScaleFactor": 2, "mobile": True})
    WebDriverWait(browser, 10).until(lambda b: b.execute_script("return innerWidth") == 400)
    check(browser.execute_script("return document.documentElement.scrollWidth") <= 400, "the phone must scroll sideways")
    shot("phone-dark")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    shot("phone-light")

    errors = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    check(not errors, f"the console says {errors[:2]}")
    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"]
    check(all(url.startswith("file:") for url in asked), f"asked for {asked}")
    print(f"{checks} passed, 0 failed")
finally:
    browser.quit()

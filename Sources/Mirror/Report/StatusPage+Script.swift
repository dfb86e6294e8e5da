extension StatusPage {
    /// Sorting, filtering, and ages as of the moment of reading; the address keeps what was chosen.
    static let script = """
        (() => {
        'use strict';
        const body = document.getElementById('rows');
        const find = document.getElementById('find'), show = document.getElementById('show');
        const shown = document.getElementById('shown');
        const now = Date.now() / 1000, stale = +document.body.dataset.stale, read = +document.body.dataset.time;
        const age = s => s < 100 ? Math.floor(s) + ' s' : s < 6000 ? Math.floor(s / 60) + ' min'
            : s < 360000 ? Math.floor(s / 3600) + ' h' : Math.floor(s / 86400) + ' days';
        const rows = [...body.rows].map((row, place) => {
            const success = row.dataset.success === '' ? -1 : +row.dataset.success;
            const status = row.cells[0].textContent;
            const isStale = status !== 'skipped' && (success < 0 || now - success > stale);
            row.classList.toggle('stale', isStale);
            const time = row.querySelector('time');
            if (time) { time.textContent = age(Math.max(0, now - success)) + ' ago'; time.title = time.dateTime; }
            return { row, place, isStale, isBad: row.classList.contains('bad'), text: row.textContent.toLowerCase(),
                state: status, source: row.cells[1].textContent, age: success, target: row.cells[3].textContent,
                reason: row.cells[4].textContent };
        });
        let key = 'source', direction = 1;
        const compare = new Intl.Collator(undefined, { numeric: true }).compare;
        const sort = () => {
            rows.sort((a, b) => (direction * (key === 'age' ? a.age - b.age : compare(a[key], b[key]))) || a.place - b.place);
            const all = document.createDocumentFragment();
            for (const item of rows) all.append(item.row);
            body.append(all);
            for (const button of document.querySelectorAll('thead button'))
                button.parentNode.setAttribute('aria-sort',
                    button.dataset.key !== key ? 'none' : direction > 0 ? 'ascending' : 'descending');
        };
        const filter = () => {
            const words = find.value.toLowerCase().split(/\\s+/).filter(Boolean);
            let count = 0;
            for (const item of rows) {
                const fits = words.every(word => item.text.includes(word))
                    && (show.value === 'all' || (show.value === 'bad' ? item.isBad : item.isStale));
                item.row.hidden = !fits;
                if (fits) count += 1;
            }
            shown.textContent = count + ' shown';
        };
        const keep = () => {
            const state = new URLSearchParams({ find: find.value, show: show.value, sort: key, order: direction });
            history.replaceState(null, '', '#' + state);
        };
        for (const button of document.querySelectorAll('thead button'))
            button.addEventListener('click', () => {
                direction = button.dataset.key === key ? -direction : 1;
                key = button.dataset.key;
                sort();
                keep();
            });
        find.addEventListener('input', () => { filter(); keep(); });
        show.addEventListener('change', () => { filter(); keep(); });
        document.addEventListener('keydown', event => {
            if (event.key === '/' && document.activeElement !== find) { event.preventDefault(); find.focus(); }
            if (event.key === 'Escape' && document.activeElement === find) { find.value = ''; filter(); keep(); }
        });
        const state = new URLSearchParams(location.hash.slice(1));
        find.value = state.get('find') || '';
        if (['all', 'bad', 'stale'].includes(state.get('show'))) show.value = state.get('show');
        if (rows.length && ['state', 'source', 'age', 'target', 'reason'].includes(state.get('sort'))) key = state.get('sort');
        if (state.get('order') === '-1') direction = -1;
        if (key !== 'source' || direction < 0) sort();
        filter();
        if (now - read > stale) {
            const old = document.getElementById('old');
            old.textContent = 'This page is ' + age(now - read) + ' old: has a run ended since?';
            old.hidden = false;
        }
        })();
        """
}

extension StatusPage {
    /// The page's looks: light and dark as the reader's system is, cards instead of a table on a phone.
    static let style = """
        :root{--back:#fff;--text:#1c2024;--quiet:#5b6470;--line:#d9dee4;--good:#17703a;--bad:#b3261e;--held:#8a5a00;--cut:#7a8490;--soft:#f4f6f8;--notice:#fff3d6}
        @media (prefers-color-scheme:dark){:root{--back:#14171a;--text:#e6e9ec;--quiet:#a2acb6;--line:#333a41;--good:#5fd08a;--bad:#ff8a80;--held:#ffc55c;--cut:#8a949e;--soft:#1d2226;--notice:#3a2f12}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:90rem;padding:1rem;background:var(--back);color:var(--text);font:16px/1.45 system-ui,sans-serif}
        h1{font-size:1rem;margin:0;color:var(--quiet);font-weight:600}
        .verdict{font-size:1.6rem;line-height:1.2;margin:.2rem 0;font-weight:650}
        .verdict.good{color:var(--good)}.verdict.bad{color:var(--bad)}
        .facts,figcaption,footer,.hint,small{color:var(--quiet)}
        .facts{margin:.2rem 0 .8rem}
        .notice{background:var(--notice);padding:.5rem .75rem;border-radius:.4rem;margin:.4rem 0}
        figure{margin:0 0 1rem;overflow-x:auto}figcaption,footer{font-size:.85rem}
        svg{display:block;max-width:100%}
        rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}rect.held{fill:var(--held)}rect.cut{fill:var(--cut)}
        .filters{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:0 0 .75rem}
        input,select,button{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.35rem .5rem}
        :focus-visible{outline:3px solid #3b82f6;outline-offset:1px}
        table{border-collapse:collapse;width:100%;table-layout:fixed}
        thead th:nth-child(1){width:7rem}thead th:nth-child(3){width:8rem}thead th:nth-child(5){width:34%}
        caption{position:absolute;left:-9999px}
        thead button{text-align:left;background:none;border:0;padding:.2rem 0;font-weight:600;cursor:pointer}
        th[aria-sort=ascending] button::after{content:" \\25B2"}th[aria-sort=descending] button::after{content:" \\25BC"}
        thead th{position:sticky;top:0;background:var(--back);text-align:left;border-bottom:2px solid var(--line)}
        td,tbody th{padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400;overflow-wrap:anywhere}
        .state{font-weight:600;white-space:nowrap}.good .state{color:var(--good)}.bad .state{color:var(--bad)}.state.skipped{color:var(--quiet)}
        .stale time{color:var(--bad);font-weight:600}.hint{display:block}
        code{background:var(--soft);padding:0 .25rem;border-radius:.25rem}
        footer{margin-top:1.5rem}
        @media (max-width:44rem){
        thead{position:static}thead tr{display:flex;flex-wrap:wrap;gap:.25rem 1rem}thead th:nth-child(n){position:static;border:0;width:auto}
        table,tbody,thead,tr,td,tbody th{display:block}tr[hidden]{display:none}
        tbody tr{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem;margin:0 0 .6rem;content-visibility:auto;contain-intrinsic-size:auto 8rem}
        td,tbody th{border:0;padding:.1rem 0}tbody th{font-weight:600}
        td::before{content:attr(data-name) ": ";color:var(--quiet)}td:empty{display:none}
        }
        """
}

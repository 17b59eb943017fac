// The style and the script of the status page, and the hashes by which its Content-Security-Policy knows them.
// Constant data; a process test compares text and hashes.
#pragma once

#include <string_view>

namespace basehttpd {

inline constexpr std::string_view kStatusStyle = R"(
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#1b1f24;--dim:#59636e;--line:#dfe3e8;--bad:#b3261e;
--good:#17683a}
@media(prefers-color-scheme:dark){:root{--page:#0f1216;--card:#171b21;--text:#e4e8ed;--dim:#98a2ae;--line:#2a313a;
--bad:#f2867e;--good:#79c995}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 3rem;max-width:66rem;background:var(--page);color:var(--text);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
h1{margin:0;font-size:1.25rem;font-weight:600}
h2{margin:0;padding:.7rem 1rem;font-size:.8125rem;font-weight:600;color:var(--dim);border-bottom:1px solid var(--line)}
p{margin:.25rem 0 1rem;color:var(--dim);font-size:.9375rem}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:0 0 1rem}
dl div,section{background:var(--card);border:1px solid var(--line);border-radius:.75rem}
dl div{padding:.7rem 1rem}
dt{font-size:.8125rem;color:var(--dim)}
dd{margin:0;font-size:1.375rem;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
section{margin-bottom:1rem;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
th{font-weight:600;font-size:.8125rem;color:var(--dim)}
th,td{padding:.45rem 1rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child,td.text,th.text{text-align:left}
td.text{white-space:normal;overflow-wrap:break-word;min-width:6.5rem}
tr:last-child td{border-bottom:0}
.bad{color:var(--bad);font-weight:600}
.good{color:var(--good)}
body.stale main{opacity:.5}
@media(max-width:40rem){body{padding:1rem .75rem}th,td{padding:.45rem .6rem}dl{grid-template-columns:1fr 1fr}}
)";

inline constexpr std::string_view kStatusScript = R"(
(() => {
  const update = async () => {
    try {
      const answer = await fetch(location.href, {headers: {Accept: "text/html"}, cache: "no-store"});
      if (!answer.ok) throw answer.status;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("main").replaceWith(page.querySelector("main"));
      document.body.classList.remove("stale");
    } catch {
      document.body.classList.add("stale");
    }
    setTimeout(update, document.hidden ? 10000 : 1000);
  };
  setTimeout(update, 1000);
})();
)";

inline constexpr std::string_view kStatusStyleHash = "sha256-oUK658lkXfZBDGXGchQG5OJY9M1lDLtIU1gHETlNGyI=";
inline constexpr std::string_view kStatusScriptHash = "sha256-y3VCHudyB0xYXS87SA7gEDwQZbEP2XzdzTzHoG8lwt8=";

}  // namespace basehttpd

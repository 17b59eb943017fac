// The style and the script of the listing, and the hashes by which its Content-Security-Policy knows them. Constant
// data; a process test compares text and hashes.
#pragma once

#include <string_view>

namespace basehttp {

inline constexpr std::string_view kListingStyle = R"(
:root{color-scheme:light dark;--line:#8883;--soft:#8881;--dim:#667;--link:#0b57d0}
@media(prefers-color-scheme:dark){:root{--dim:#9aa;--link:#8ab4f8}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.25rem;font-weight:600;overflow-wrap:anywhere;margin:.5rem 0 1rem}
h1 a{padding:.2rem 0}
h1 span{color:var(--dim);padding:0 .3rem}
a{color:var(--link);text-decoration:none}
a:hover,a:focus-visible{text-decoration:underline}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:600;font-size:.875rem;text-align:left;border-bottom:2px solid var(--line);padding:.5rem}
th a{color:inherit}
th[aria-sort=ascending] a::after{content:" \2191"}
th[aria-sort=descending] a::after{content:" \2193"}
td{padding:.4rem .5rem;border-bottom:1px solid var(--line)}
th+th,td+td{text-align:right;white-space:nowrap}
td+td{color:var(--dim)}
tr:hover td{background:var(--soft)}
td:first-child{overflow-wrap:anywhere}
td:first-child a{display:block;padding-left:1.75rem;position:relative}
td:first-child a::before{content:"";position:absolute;left:.15rem;top:.3rem;width:.8rem;height:1rem;
border:1.5px solid var(--dim);border-radius:2px}
td:first-child a.d::before{left:0;top:.4rem;width:1.15rem;height:.8rem;border-color:var(--link);
background:var(--link);opacity:.75}
p{color:var(--dim);font-size:.875rem;padding:0 .5rem}
@media(max-width:40rem){
table,thead,tbody,tr,td,th{display:block}
thead tr{display:flex;gap:1rem;border-bottom:2px solid var(--line)}
th,th+th{border:0;padding:.6rem .25rem}
tbody tr{display:grid;grid-template-columns:auto 1fr;column-gap:1rem;padding:.55rem .25rem;
border-bottom:1px solid var(--line)}
td,td+td{border:0;padding:0;text-align:left}
td:first-child{grid-column:1/-1}
td:nth-child(2){padding-left:1.75rem}
td:nth-child(2):empty{padding-left:.75rem}
td+td{font-size:.875rem}
}
)";

inline constexpr std::string_view kListingScript = R"(
"use strict";
(() => {
  const body = document.querySelector("tbody"), links = [...document.querySelectorAll("thead a")];
  if (body.rows.length > 20000) return;
  const name = (row) => row.cells[0].textContent;
  const keys = {name, size: (row) => +row.dataset.s, date: (row) => +row.dataset.t};
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const show = (link) => {
    const query = new URLSearchParams(link.search), key = keys[query.get("sort")];
    const sign = query.get("order") === "desc" ? -1 : 1;
    const rows = [...body.rows].map((row) => [row.dataset.d, key(row), name(row), row]);
    rows.sort((a, b) => compare(b[0], a[0]) || sign * compare(a[1], b[1]) || compare(a[2], b[2]));
    const sorted = document.createDocumentFragment();
    rows.forEach((row) => sorted.append(row[3]));
    body.append(sorted);
    history.replaceState(null, "", link.search);
    for (const other of links) {
      const head = other.parentElement, its = new URLSearchParams(other.search);
      if (other === link) {
        head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        its.set("order", sign > 0 ? "desc" : "asc");
      } else {
        head.removeAttribute("aria-sort");
        its.set("order", its.get("sort") === "name" ? "asc" : "desc");
      }
      other.search = its;
    }
  };
  links.forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  }));
})();
)";

inline constexpr std::string_view kListingStyleHash = "sha256-s25pM7T8f4yhmmGiWGE32Lybiramoyzo01QKAdYz+g8=";
inline constexpr std::string_view kListingScriptHash = "sha256-nIGpQU/WY9nMlyfIlJqBYP4CSRGrScREw88dvDuD3Ew=";

}  // namespace basehttp

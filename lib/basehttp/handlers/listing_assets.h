// The style and the script of the listing, and the hashes by which its Content-Security-Policy knows them. Constant
// data; a process test compares text and hashes.
#pragma once

#include <string_view>

namespace basehttp {

inline constexpr std::string_view kListingStyle = R"(
:root{color-scheme:light dark;--page:#f5f6f8;--card:#fff;--text:#1b1f24;--dim:#59636e;--line:#dfe3e8;--hover:#eef3fc;
--link:#0b57d0;--folder:#4285f4;--file:#a3acb8}
@media(prefers-color-scheme:dark){:root{--page:#0f1216;--card:#171b21;--text:#e4e8ed;--dim:#98a2ae;--line:#2a313a;
--hover:#1f2630;--link:#8ab4f8;--folder:#6b9ff5;--file:#66707d}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 3rem;max-width:66rem;background:var(--page);color:var(--text);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
a{color:inherit;text-decoration:none}
a:hover{color:var(--link);text-decoration:underline;text-underline-offset:.2em}
a:focus-visible,input:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:.25rem}
header{display:flex;flex-wrap:wrap;align-items:center;gap:.75rem 1.5rem;margin-bottom:1rem}
h1{flex:1 1 60%;margin:0;font-size:1.25rem;line-height:1.4;font-weight:600;overflow-wrap:anywhere}
h1 a{color:var(--link);padding:.25rem 0}
h1 a[aria-current]{color:var(--text)}
h1 span{color:var(--dim);font-weight:400;padding:0 .4rem}
input{flex:0 1 15rem;min-width:8rem;font:inherit;font-size:.9375rem;padding:.4rem .75rem;color:inherit;
background:var(--card);border:1px solid var(--line);border-radius:.5rem}
main{background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:clip}
table{border-collapse:separate;border-spacing:0;width:100%;table-layout:fixed;font-variant-numeric:tabular-nums}
th{position:sticky;top:0;z-index:1;background:var(--card);border-bottom:1px solid var(--line);padding:0;
font-size:.8125rem;font-weight:600;text-align:left;color:var(--dim)}
th a{display:block;padding:.7rem 1rem}
th[aria-sort] a{color:var(--text)}
th[aria-sort=ascending] a::after{content:" \2191"}
th[aria-sort=descending] a::after{content:" \2193"}
th+th,td+td{text-align:right;white-space:nowrap}
th:nth-child(2){width:8rem}
th:nth-child(3){width:12rem}
td{padding:.5rem 1rem;border-bottom:1px solid var(--line);vertical-align:top}
tbody:last-child tr:last-child td{border-bottom:0}
td+td{color:var(--dim);font-size:.9375rem}
tr:hover td{background:var(--hover)}
td:first-child{overflow-wrap:anywhere}
td a{display:block;position:relative;padding-left:2rem}
td a.d{font-weight:600}
td a::before{content:"";position:absolute;left:.2rem;top:.22rem;width:.85rem;height:1.05rem;background:
linear-gradient(var(--card) 0 0)50% 52%/54% 7% no-repeat,linear-gradient(var(--card) 0 0)50% 74%/54% 7% no-repeat,
var(--file);clip-path:polygon(0 5%,6% 0,62% 0,100% 30%,100% 95%,94% 100%,6% 100%,0 95%)}
td a.d::before{left:0;top:.28rem;width:1.25rem;height:1rem;background:var(--folder);clip-path:polygon(
0 10%,6% 0,36% 0,46% 17%,94% 17%,100% 26%,100% 92%,94% 100%,6% 100%,0 92%)}
td a.u{color:var(--dim)}
td a.u::before{left:.1rem;width:1.05rem;background:var(--dim);clip-path:polygon(
50% 8%,92% 50%,80% 62%,58% 40%,58% 94%,42% 94%,42% 40%,20% 62%,8% 50%)}
footer{color:var(--dim);font-size:.875rem;padding:.9rem 1rem}
[hidden]{display:none!important}
@media(max-width:40rem){
body{padding:1rem .75rem 2rem}
input{flex:1 1 100%;font-size:1rem}
table,thead,tbody,th,td{display:block}
thead tr{display:flex;background:var(--card);border-bottom:1px solid var(--line);position:sticky;top:0;z-index:1}
th,th+th,th:nth-child(n){border:0;width:auto;position:static}
th a{padding:.75rem}
tbody tr{display:grid;grid-template-columns:auto 1fr;column-gap:1rem;padding:.6rem .75rem;
border-bottom:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 4rem}
tbody:last-child tr:last-child{border-bottom:0}
tr:hover td{background:none}
td,td+td{border:0;padding:0;text-align:left}
td:first-child{grid-column:1/-1}
td a{padding-top:.1rem;padding-bottom:.1rem}
td:nth-child(2){padding-left:2rem}
td:nth-child(2):empty{padding-left:1rem}
td+td{font-size:.875rem}
}
@media print{body{background:none;padding:0}input{display:none}main{border:0}th{position:static}}
)";

inline constexpr std::string_view kListingScript = R"(
"use strict";
(() => {
  const body = document.querySelector("tbody:last-of-type"), links = [...document.querySelectorAll("thead a")];
  if (body.rows.length > 20000) return;
  const name = (row) => row.cells[0].textContent.replace(/\/$/, "");
  const natural = (text) => text.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+/, "");
    return "0" + String.fromCharCode(number.length) + number;
  });
  const place = (row) => natural(name(row)) + "\0" + name(row);
  const keys = {name: place, size: (row) => +row.dataset.s, date: (row) => +row.dataset.t};
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const show = (link) => {
    const query = new URLSearchParams(link.search), key = keys[query.get("sort")];
    const sign = query.get("order") === "desc" ? -1 : 1;
    const rows = [...body.rows].map((row) => [row.dataset.d, key(row), place(row), row]);
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
  if (body.rows.length < 8) return;
  const filter = document.createElement("input");
  filter.type = "search";
  filter.placeholder = "Filter by name";
  filter.setAttribute("aria-label", "Filter by name");
  filter.addEventListener("input", () => {
    const wanted = filter.value.toLowerCase();
    for (const row of body.rows) row.hidden = !name(row).toLowerCase().includes(wanted);
  });
  document.querySelector("header").append(filter);
})();
)";

inline constexpr std::string_view kListingStyleHash = "sha256-kQ/WwN4qbXsZ19wsqDberDgBrSQBAa7NiBuHVmebT18=";
inline constexpr std::string_view kListingScriptHash = "sha256-oWA2yQjPFBX0hEzlfPvt0nY+rj+Kx+j6mgAsPVDNAVk=";

}  // namespace basehttp

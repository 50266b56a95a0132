#pragma once

namespace memscale {

/// The report's style sheet: for screens, phones and paper.
inline constexpr const char* report_style = R"(
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; padding-top: .5rem; border-top: 1px solid #ccc; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
p, ul { margin: .4rem 0; max-width: 46rem; } li { margin: .2rem 0; }
a { color: #00528a; } a:focus-visible, summary:focus-visible { outline: 2px solid #00528a; outline-offset: 2px; }
nav ul { list-style: none; padding: 0; margin: .8rem 0 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem;
  max-width: none; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .4rem 0; }
th, td { padding: .22rem .8rem; border-bottom: 1px solid #ddd; text-align: left; white-space: nowrap; }
th { border-bottom: 2px solid #767676; } .number { text-align: right; }
.wide { overflow-x: auto; } figure { margin: 1.4rem 0 2rem; } figure svg { max-width: 100%; height: auto; }
figcaption { font-size: .92rem; color: #333; max-width: 50rem; margin-top: .3rem; }
figcaption .files { color: #595959; white-space: nowrap; }
summary { cursor: pointer; } details { margin: .4rem 0; }
pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: .85rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
@media (max-width: 48rem) { body { margin: 1rem auto; } figure svg { max-width: 46rem; }
  th, td { padding: .2rem .5rem; } }
@media print { body { margin: 0; font-size: 10.5pt; max-width: none; padding: 0; } nav { display: none; }
  h2, h3 { break-after: avoid; } figure, tr { break-inside: avoid; } figure svg { width: auto; max-width: 100%;
  max-height: 20cm; } pre { white-space: pre-wrap; } a { color: inherit; text-decoration: none; } }
)";

}  // namespace memscale

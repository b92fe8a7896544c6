/// What a report adds to the style of the page.
internal let reportStyle = """

  header.top nav ul{gap:0 1.1rem}
  .part{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem}
  .part h3{margin-top:.75rem}
  .words{max-width:46rem}
  .answers{display:grid;gap:1.1rem;margin:0}
  .answers dt{font-weight:600;color:var(--accent)}
  .answers dd{margin:.15rem 0 0;max-width:52rem}
  .picture figure{max-width:40rem}
  .gallery{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));align-items:start}
  table.figures{font-size:.875rem}
  .figures th,.figures td{padding-right:1rem;overflow-wrap:normal}
  .figures td.plot{min-width:8rem}
  .figures .long{min-width:16rem;overflow-wrap:anywhere}
  .figures tbody th{min-width:6.5rem}
  .figures .tag{white-space:nowrap}
  svg .curve{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round}
  svg .origin{stroke:var(--truth);stroke-width:1.5;stroke-dasharray:4 3}
  @media print{
    @page{margin:14mm}
    body{font-size:9.5pt}
    header.top{display:none}
    .hero h1{font-size:20pt}
    .card{border-color:#999;padding:.6rem}
    .part,.answers{display:block}
    .part>*,.answers>*{margin-bottom:.6rem}
    details:not([open]){display:none}
    .gallery{grid-template-columns:repeat(2,minmax(0,1fr))}
    .card:has(table){break-inside:auto}
    .figures{font-size:7.5pt!important}
    .figures th,.figures td{padding:.2rem .5rem .2rem 0!important}
    .figures .long{min-width:0}
    .figures td.plot{min-width:4rem}
    .figures tbody th{min-width:0}
  }
  """.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")

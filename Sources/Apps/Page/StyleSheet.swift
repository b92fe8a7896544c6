/// What is served as /page.css.
internal let styleSheet =
  Palette.styleSheet
    + #"""
    *,*::before,*::after{box-sizing:border-box}
    html{scroll-behavior:smooth;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}*{animation:none!important;transition:none!important}}
    body{margin:0;background:var(--paper);color:var(--ink);
      font:1rem/1.55 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
      font-feature-settings:"tnum","cv11"}
    .wrap{width:100%;max-width:70rem;margin:0 auto;padding-left:1.25rem;padding-right:1.25rem}
    a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
    :focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:.25rem}
    .skip{position:absolute;left:-100rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--surface);padding:.5rem 1rem;z-index:1}
    h1,h2,h3{line-height:1.2;letter-spacing:-.015em;text-wrap:balance;margin:0}
    h1,h2,.label,p,dt,li{overflow-wrap:anywhere}
    h1{font-size:clamp(1.9rem,1.3rem + 2.4vw,2.9rem);letter-spacing:-.03em;font-weight:700}
    h2{font-size:1.5rem}
    h3{font-size:1.05rem}
    p{margin:0}
    code{font:0.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
    pre{margin:0;padding:.8rem 1rem;background:var(--note-paper);border-radius:.6rem;white-space:pre-wrap}
    .muted,.hint{color:var(--muted)}
    .hint{font-size:.875rem;line-height:1.45}
    .nowrap{white-space:nowrap}
    .visually-hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    [hidden]{display:none!important}

    header.top{border-bottom:1px solid var(--line)}
    header.top .wrap{display:flex;flex-wrap:wrap;gap:.35rem 1.75rem;align-items:center;padding-top:.8rem;padding-bottom:.8rem}
    .brand{font-weight:700;letter-spacing:-.02em;color:var(--ink);text-decoration:none;display:flex;gap:.5rem;
      align-items:center;margin-right:auto}
    .brand svg{width:1.4rem;height:1.4rem}
    header.top nav ul{display:flex;flex-wrap:wrap;gap:0 1.35rem;list-style:none;margin:0;padding:0}
    header.top nav a{display:block;padding:.3rem 0;color:var(--muted);text-decoration:none;font-size:.9375rem}
    header.top nav a:hover{color:var(--ink);text-decoration:underline}
    .hero{padding-top:clamp(2rem,5vw,3.75rem);padding-bottom:clamp(1.5rem,3vw,2.25rem)}
    .hero p{margin-top:.9rem;max-width:40rem;font-size:1.1rem;color:var(--muted);text-wrap:pretty}
    main>section{padding:clamp(2rem,4vw,3.25rem) 0;border-top:1px solid var(--line)}
    main>section.first{border-top:0;padding-top:0}
    .intro{max-width:42rem;margin-top:.5rem;color:var(--muted)}
    .card{background:var(--surface);border:1px solid var(--line);border-radius:.9rem;padding:clamp(1.1rem,2.5vw,1.6rem);min-width:0}
    .columns{display:grid;gap:1.25rem;margin-top:1.4rem;align-items:start}
    .stack{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem;min-width:0}
    .stack.wide{gap:1.25rem}
    @media (min-width:56rem){
      .columns.form-left{grid-template-columns:20.5rem minmax(0,1fr)}
      .columns.even{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
      .columns.wide-left{grid-template-columns:minmax(0,1.25fr) minmax(0,1fr)}
    }

    label,.label{font-weight:600;font-size:.9375rem}
    input,select,textarea,button{font:inherit;color:inherit;max-width:100%}
    input:not([type=range],[type=file]),select,textarea{width:100%;background:var(--surface);border:1px solid var(--field);
      border-radius:.5rem;padding:.5rem .7rem;min-height:2.6rem}
    textarea{line-height:1.6;resize:vertical;display:block;white-space:pre;overflow:auto}
    select{appearance:auto}
    input[type=file]{width:100%;border:1px dashed var(--field);border-radius:.5rem;padding:1rem}
    ::file-selector-button{font:inherit;font-weight:600;border:1px solid var(--field);background:var(--note-paper);color:var(--ink);
      border-radius:.4rem;padding:.4rem .85rem;margin-right:.75rem;cursor:pointer}
    input[type=range]{width:100%;accent-color:var(--accent);height:1.5rem;margin:0;display:block}
    [aria-invalid=true]{border-color:var(--alert)!important;box-shadow:0 0 0 1px var(--alert)}
    .problem{color:var(--alert);font-size:.875rem;font-weight:500}
    ul.plain,ul.models{list-style:none;margin:0;padding:0}
    ul.models{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:.75rem}
    button{background:var(--accent);color:var(--on-accent);border:0;border-radius:.5rem;font-weight:600;
      padding:.6rem 1.3rem;min-height:2.75rem;cursor:pointer}
    button:hover{filter:brightness(1.08)}
    button[aria-disabled=true]{opacity:.75;cursor:progress}
    .field{display:grid;gap:.35rem;align-content:start;min-width:0}
    .field .with-unit{display:flex;gap:.5rem;align-items:center}
    .field .with-unit span{color:var(--muted);font-size:.875rem;white-space:nowrap}
    .fields{display:grid;gap:1.15rem 1.25rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr))}
    .actions{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:center}
    .examples{display:flex;flex-wrap:wrap;gap:.25rem .9rem;font-size:.875rem}

    .note{background:var(--note-paper);border-radius:.6rem;padding:.75rem 1rem;font-size:.9375rem}
    .alert{background:var(--alert-paper);border-left:4px solid var(--alert);border-radius:.3rem .6rem .6rem .3rem;
      padding:.75rem 1rem;font-size:.9375rem}
    .alert strong:first-child{color:var(--alert)}
    .alert code{font-weight:600}
    .empty{display:grid;place-items:center;text-align:center;min-height:15rem;color:var(--muted);padding:1rem}
    .empty svg{width:min(100%,17rem);height:auto;margin-bottom:.75rem}

    .ranking{list-style:none;margin:0;padding:0}
    .ranking>li{display:grid;grid-template-columns:2rem minmax(0,1fr) auto;gap:.15rem .25rem;padding:1rem 0;
      border-bottom:1px solid var(--line)}
    .ranking>li:first-child{padding-top:.25rem}
    .ranking>li:last-child{border-bottom:0;padding-bottom:.25rem}
    .ranking .place{color:var(--muted);font-weight:600}
    .ranking .who{font-weight:600;overflow-wrap:anywhere;font-size:1.05rem}
    .ranking .who a{color:inherit;text-decoration-color:var(--line)}
    .ranking .predicted{text-align:right;white-space:nowrap}
    .ranking .predicted b{font-size:1.25rem;letter-spacing:-.02em;color:var(--accent)}
    .ranking .bar,.ranking .detail{grid-column:2/-1}
    .ranking .detail{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1.25rem;font-size:.9rem;color:var(--muted)}
    .true-stars{color:var(--truth);font-weight:600}
    svg.bar{display:block;width:100%;height:1.75rem;overflow:visible}
    svg.axis{display:block;width:100%;height:1.2rem;overflow:visible}
    .axis-row{padding-left:2.25rem;padding-top:.1rem}
    .axis-row p{font-size:.8rem;color:var(--muted);text-align:right}
    svg text{fill:var(--muted);font-size:.78rem}
    svg .usual{fill:var(--usual)}
    svg .predicted-bar{fill:var(--accent)}
    svg .truth{fill:var(--truth);stroke:var(--surface);stroke-width:1.5px;paint-order:stroke}
    svg .track{stroke:var(--line)}
    svg .grid{stroke:var(--line);stroke-width:1}
    svg .whisker{stroke:var(--accent);stroke-width:2}
    svg .dot{fill:var(--accent)}
    .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.35rem;font-size:.85rem;color:var(--muted);list-style:none;margin:0;padding:0}
    .legend li{display:flex;align-items:center;gap:.45rem}
    .legend svg{width:1.6rem;height:1rem;flex:none;overflow:visible}
    .busy{opacity:.45}
    .bones{display:grid;gap:1.4rem}
    .bones span{display:block;height:2.6rem;border-radius:.4rem;background:var(--note-paper);animation:pulse 1.2s ease-in-out infinite alternate}
    @keyframes pulse{to{opacity:.45}}

    .big{font-size:clamp(2.4rem,1.8rem + 2.5vw,3.4rem);font-weight:700;letter-spacing:-.04em;line-height:1.1;color:var(--accent);
      display:block;overflow-wrap:anywhere}
    .big.long{font-size:clamp(1.6rem,1.3rem + 1.2vw,2.1rem);letter-spacing:-.03em}
    @media screen and (max-width:55.99rem){
      .sticky{position:sticky;bottom:.5rem;box-shadow:0 .25rem 1.5rem rgb(0 0 0/.18);gap:.6rem;padding:.8rem 1.1rem}
      html:has(.hand :focus){scroll-padding-bottom:13rem}
    }
    @media (scripting:enabled) and (max-width:55.99rem){.sticky .actions{display:none}}
    @media (min-width:56rem){.sticky{position:sticky;top:1rem}.hand{grid-template-columns:minmax(0,1fr) 19rem!important}}

    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;width:100%;font-size:.9375rem}
    caption{text-align:left;color:var(--muted);font-size:.875rem;padding-bottom:.5rem}
    th,td{text-align:left;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:middle}
    thead th{font-weight:600;color:var(--muted);font-size:.85rem;vertical-align:bottom}
    tbody th{font-weight:500}
    tr:last-child>*{border-bottom:0}
    .number{text-align:right}
    td.number{white-space:nowrap}
    td.number:last-child,th.number:last-child{padding-right:0}
    .plot{min-width:5.5rem;width:38%}
    .board th,.board td{padding-right:.6rem}
    .importance .plot{width:50%}
    tr.served th{font-weight:700}
    .tag{display:inline-block;font-size:.72rem;font-weight:600;color:var(--accent);border:1px solid currentColor;border-radius:1rem;
      padding:0 .5rem;margin-left:.5rem;vertical-align:.1em}
    svg.row{display:block;width:100%;height:1.25rem;overflow:visible}
    figure{margin:0;display:grid;gap:.75rem;min-width:0}
    svg.scatter{display:block;width:100%;max-width:36rem;height:auto;margin:0 auto}
    svg.scatter text{font-size:13px}
    @media (max-width:30rem){svg.scatter text{font-size:17px}}
    .heat-1{fill:var(--heat-1)}.heat-2{fill:var(--heat-2)}.heat-3{fill:var(--heat-3)}.heat-4{fill:var(--heat-4)}.heat-5{fill:var(--heat-5)}
    svg .diagonal{stroke:var(--truth);stroke-width:1.5;stroke-dasharray:5 4;fill:none}
    details{font-size:.9375rem}
    summary{cursor:pointer;color:var(--accent);font-weight:500;padding:.3rem 0;width:fit-content}
    dl.facts{display:grid;grid-template-columns:fit-content(45%) minmax(0,1fr);gap:.4rem 1.25rem;margin:0}
    dl.facts dt{color:var(--muted)}
    dl.facts dd{margin:0;overflow-wrap:anywhere}
    @media (max-width:30rem){dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.55rem}}
    ul.limits{margin:0;padding-left:1.15rem;display:grid;gap:.55rem}
    ol.steps{margin:0;padding-left:1.35rem;display:grid;gap:1.1rem}
    ol.steps pre{margin-top:.5rem}
    footer{border-top:1px solid var(--line);padding:1.5rem 0 2.5rem;color:var(--muted);font-size:.9rem}
    footer .wrap{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem}
    footer a{color:inherit}
    footer .version{margin-right:auto}
    @media (max-width:30rem){
      .wrap{padding-left:1rem;padding-right:1rem}
      .ranking>li{grid-template-columns:1.5rem minmax(0,1fr)}
      .ranking .predicted{grid-column:2;text-align:left}
      .axis-row{padding-left:1.75rem}
      .actions button{width:100%}
      th,td{padding-right:.6rem}
      .board .plot{display:none}
      .board td:nth-child(2){white-space:normal}
      .board,.board thead th{font-size:.8rem}
    }
    @media print{
      body{background:none}
      .sticky{position:static!important;box-shadow:none}
      .skip,nav,button,input[type=range],.examples,#table-form,#rank-form,.empty{display:none!important}
      .columns{display:block}
      .columns>*,.stack.wide>*{margin-bottom:1rem}
      .stack.wide{display:block}
      main>section{padding:1rem 0}
      #rank:not(:has(.ranking)),#table:not(:has(tbody)){display:none}
      .card,figure,tr,li,.field{break-inside:avoid}
      .card:has(.fields){break-inside:auto}
      h2,h3{break-after:avoid}
      .scroll{overflow:visible}
      .hero{padding:1rem 0}
      svg.scatter{max-width:24rem}
      *{print-color-adjust:exact}
    }
    """#.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")

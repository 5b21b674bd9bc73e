import { createHash } from 'node:crypto'
import type { Html } from './html.ts'

/** The look of the pages: the console's tokens, one column, no picture and no font from elsewhere. */

const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--surface:#fff;--line:#e6e2d9;--ink:#1b1e27;--soft:#5d6270;--brass:#8a6116;--on-brass:#fff;--good:#1e7b4d;--warn:#9a5b00;--bad:#b3261e;--tint:#f6f3ec;--edge:#8d8a82}
@media (prefers-color-scheme:dark){:root{--paper:#12141a;--surface:#1a1d25;--line:#2b303b;--ink:#eceae4;--soft:#9ba1af;--brass:#e0b65a;--on-brass:#1b1e27;--good:#5cc68f;--warn:#e9a94b;--bad:#f28b82;--tint:#20242e;--edge:#6c7383}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--paper);color:var(--ink);font:14px/1.5 "Inter Variable",Inter,system-ui,sans-serif;-webkit-text-size-adjust:100%}
.top,.foot,main{width:100%;max-width:520px;margin:0 auto;padding:0 16px}
.top{display:flex;align-items:center;justify-content:space-between;padding-top:20px;padding-bottom:20px}
.brand{display:flex;align-items:center;gap:8px;font-weight:600;font-size:16px}
.brand svg{width:24px;height:24px;color:var(--brass)}
.foot{padding-top:20px;padding-bottom:32px;color:var(--soft);font-size:13px;text-align:center}
.card{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:28px}
@media (min-height:820px) and (min-width:560px){.top{padding-top:56px}}
@media (max-width:420px){.card{padding:20px 16px}}
h1{font-size:20px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin:0 0 4px;overflow-wrap:anywhere;text-wrap:balance}
h2,legend{font-size:13px;font-weight:600;color:var(--soft);margin:0 0 8px;padding:0}
p{margin:0;text-wrap:pretty}.lede,.soft{color:var(--soft)}
section,fieldset,.note,form.stack{margin:20px 0 0}
fieldset{border:0;padding:0;min-width:0}
a{color:var(--brass);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--brass);outline-offset:2px;border-radius:6px}
code,.host{font:13px/1.5 "JetBrains Mono Variable","JetBrains Mono",ui-monospace,monospace;overflow-wrap:anywhere}
pre{margin:0;padding:12px 14px;white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);border-radius:8px;background:var(--tint);font:13px/1.5 "JetBrains Mono Variable","JetBrains Mono",ui-monospace,monospace}
ol{margin:0 0 12px;padding-left:20px}ol li+li{margin-top:4px}
summary{cursor:pointer}details>pre{margin-top:12px;text-align:left}
.note{display:flex;gap:12px;padding:12px 14px;border:1px solid var(--line);border-radius:8px;background:var(--tint)}
.note svg{flex:none;width:20px;height:20px;margin-top:1px}
.note b{display:block;font-weight:600;overflow-wrap:anywhere}
.note .place{font-size:16px;font-weight:600;color:var(--ink)}
fieldset .note{margin:0 0 12px}
.note.good{border-color:var(--good)}.note.good svg{color:var(--good)}
.note.warn{border-color:var(--warn)}.note.warn svg,.note.warn b{color:var(--warn)}
.note.bad{border-color:var(--bad)}.note.bad svg,.note.bad b{color:var(--bad)}
.ended{text-align:center}.ended svg{width:40px;height:40px;color:var(--soft)}.ended.allowed svg{color:var(--good)}
ul{list-style:none;margin:0;padding:0}
.rows{border:1px solid var(--line);border-radius:8px}
.rows>li+li,.rows>li>label+.inner{border-top:1px solid var(--line)}
.row{display:flex;gap:12px;padding:12px 14px;align-items:flex-start}
label.row{cursor:pointer}
.row>svg{flex:none;width:18px;height:18px;margin-top:2px;color:var(--good)}
.row input{flex:none;width:18px;height:18px;margin:2px 0 0;accent-color:var(--brass)}
.row b{display:block;font-weight:600}.row span{min-width:0;overflow-wrap:anywhere}
.row small,.small{font-size:13px;color:var(--soft)}
.row small{display:block}.outside{white-space:pre-wrap}
.row>div{flex:1;min-width:0;overflow-wrap:anywhere}
.row dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:8px 0 12px;font-size:13px}
.row dt{color:var(--soft)}.row dd{margin:0;min-width:0}
.row button{width:100%;font-size:14px;overflow-wrap:anywhere}
.inner{padding:0 0 4px 30px}.inner .row{padding:8px 14px}
.rows:has(#access-all:checked) .inner{display:none}
.who{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline;justify-content:space-between;margin-top:20px;padding-top:16px;border-top:1px solid var(--line)}
.who span{overflow-wrap:anywhere;min-width:0}
.field{display:block;margin-top:16px}
.field>span{display:block;font-weight:600;margin-bottom:4px}
.field input{width:100%;height:40px;padding:0 12px;border:1px solid var(--edge);border-radius:6px;background:var(--paper);color:var(--ink);font:inherit;font-size:16px}
.field small{display:block;margin-top:4px;font-size:13px;color:var(--soft)}
.field input[aria-invalid=true]{border-color:var(--bad)}
.actions{display:flex;gap:12px;margin-top:24px}
.actions>*{flex:1}
button,.button{min-height:44px;padding:8px 16px;border:1px solid var(--edge);border-radius:6px;background:transparent;color:var(--ink);font:inherit;font-size:16px;font-weight:600;cursor:pointer;text-align:center;text-decoration:none;transition:opacity .14s}
button:hover,.button:hover{opacity:.86}
.primary{background:var(--brass);border-color:var(--brass);color:var(--on-brass)}
.link{min-height:0;padding:0;border:0;font-size:13px;font-weight:400;color:var(--brass);text-decoration:underline;text-underline-offset:2px}
.after{margin-top:20px;text-align:center}
@media (prefers-reduced-motion:reduce){*{transition:none}}
@media (forced-colors:active){.primary{border-width:2px}}
`

/** To the byte what {@link STYLE_HASH} is of. */
export const STYLE_ELEMENT: Html = { markup: `<style>${STYLE}</style>` }

/** Lets exactly this style through the content security policy. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** Of the dialog. Adopted, not written into the page: a content security policy may forbid that. */
export const STYLE = `
dialog { box-sizing: border-box; width: min(26rem, 100vw - 2rem); max-height: calc(100vh - 2rem); overflow: auto;
  border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; margin: auto;
  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground);
  --ink: #211d16; --soft: #625b4e; --ground: #fffdf9; --line: #d8d0c2; --mark: #8a5a00; --on-mark: #fff; --bad: #a3261d; }
@media (prefers-color-scheme: dark) {
  dialog { --ink: #f1ece2; --soft: #b8af9f; --ground: #1d1a15; --line: #4a4338; --mark: #f0b94a; --on-mark: #1d1a15; --bad: #ff9d92; }
}
dialog::backdrop { background: rgb(0 0 0 / 55%); }
h2 { margin: 0 0 .5rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
svg { display: block; width: 100%; max-width: 16rem; height: auto; margin: .75rem auto; border-radius: .5rem; }
.light { fill: #fff; } .dark { fill: #000; }
.soft { color: var(--soft); font-size: .9rem; }
.bad { color: var(--bad); }
.bad:empty { display: none; }
button, textarea { box-sizing: border-box; width: 100%; min-height: 2.75rem; margin: .25rem 0; border-radius: .6rem; font: inherit; }
button { border: 1px solid var(--line); background: none; color: inherit; cursor: pointer; }
button.main { border-color: var(--mark); background: var(--mark); color: var(--on-mark); font-weight: 600; }
button:disabled { opacity: .6; cursor: default; }
textarea { border: 1px solid var(--soft); padding: .5rem; background: transparent; color: inherit; direction: ltr;
  font: .85rem/1.4 ui-monospace, monospace; resize: vertical; }
label { display: block; font-size: .9rem; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
summary { cursor: pointer; min-height: 2.75rem; display: list-item; line-height: 2.75rem; }
video { display: block; width: 100%; border-radius: .5rem; background: #000; }
[hidden] { display: none; }
`

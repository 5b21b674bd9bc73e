/** Languages of code blocks, by Notion's names (`LanguageRequest` in the official types). */
export const LANGUAGES: ReadonlySet<string> = new Set(
  (
    'abap|abc|agda|arduino|ascii art|assembly|bash|basic|bnf|c|c#|c++|clojure|coffeescript|coq|css|dart|dhall|diff|docker|' +
    'ebnf|elixir|elm|erlang|f#|flow|fortran|gherkin|glsl|go|graphql|groovy|haskell|hcl|html|idris|java|javascript|json|' +
    'julia|kotlin|latex|less|lisp|livescript|llvm ir|lua|makefile|markdown|markup|matlab|mathematica|mermaid|nix|' +
    'notion formula|objective-c|ocaml|pascal|perl|php|plain text|powershell|prolog|protobuf|purescript|python|r|racket|' +
    'reason|ruby|rust|sass|scala|scheme|scss|shell|smalltalk|solidity|sql|swift|toml|typescript|vb.net|verilog|vhdl|' +
    'visual basic|webassembly|xml|yaml|java/c/c++/c#'
  ).split('|'),
)

const ALIASES = new Map([
  ['js', 'javascript'],
  ['jsx', 'javascript'],
  ['mjs', 'javascript'],
  ['ts', 'typescript'],
  ['tsx', 'typescript'],
  ['py', 'python'],
  ['rb', 'ruby'],
  ['rs', 'rust'],
  ['sh', 'shell'],
  ['zsh', 'shell'],
  ['console', 'shell'],
  ['yml', 'yaml'],
  ['md', 'markdown'],
  ['cs', 'c#'],
  ['csharp', 'c#'],
  ['cpp', 'c++'],
  ['golang', 'go'],
  ['kt', 'kotlin'],
  ['dockerfile', 'docker'],
  ['tex', 'latex'],
  ['ps1', 'powershell'],
  ['objc', 'objective-c'],
])

/** Notion's name for the language that a code fence names; what it does not know is plain text. */
export function languageOf(fence: string): string {
  const name = fence.trim().toLowerCase()
  const known = [name, name.split(/[\s,{]/, 1)[0] ?? ''].map((candidate) => ALIASES.get(candidate) ?? candidate)
  return known.find((candidate) => LANGUAGES.has(candidate)) ?? 'plain text'
}

/** Where a person goes on after signing in: a path of the console, never another site. */
export function ownPath(next: string | undefined): string {
  if (next === undefined) return '/'
  // `//host` and `/\host` are addresses of other sites to a browser.
  return /^\/(?![/\\])/.test(next) ? next : '/'
}

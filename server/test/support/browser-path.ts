import { existsSync } from 'node:fs'

/** Debian's Chromium: without windows, which does the same in two thirds of the time, or with them. */
const DEBIAN = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

/** Where Chromium lies: `CHROMIUM_PATH`, or where Debian's packages put it. @returns undefined where it is not there */
export function browserPath(): string | undefined {
  const told = process.env['CHROMIUM_PATH']
  return (told === undefined ? DEBIAN : [told]).find((path) => existsSync(path))
}

#!/usr/bin/env node
import { appendFileSync } from 'node:fs'
import { letIn } from './person.ts'

// What a program opens in place of a browser: BROWSER names this file. Whose password it types stands in the environment.

const address = process.argv[2] ?? ''
const environment = process.env
try {
  const person = { email: environment['PERSON_EMAIL'] ?? '', password: environment['PERSON_PASSWORD'] ?? '' }
  const callback = await letIn(address, person)
  await fetch(callback)
} catch (error) {
  // Whoever opens a browser does not read what it says.
  appendFileSync(environment['PERSON_LOG'] ?? '/dev/stderr', `${String(error)}\n`)
  process.exitCode = 1
}

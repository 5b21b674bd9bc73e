import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { createTestUser, type TestDatabase } from './database.ts'
import { createTestHouse, type TestHouse } from './house.ts'

/** What a block of tests has while one of them runs. */
export interface HouseStage {
  readonly database: TestDatabase
  readonly house: TestHouse
  /** The address of somebody of this name, another in each test. */
  readonly emailOf: (name: string) => string
  /** @returns the id of a new user, who has that address */
  readonly newUser: (name: string) => Promise<number>
}

/** One database for the tests of a block, and a house and users for each. Call it where hooks may be set. */
export function stageHouse(open: () => Promise<TestDatabase>): HouseStage {
  let database: TestDatabase
  let house: TestHouse
  let tests = 0
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    house = await createTestHouse(database)
    tests += 1
  })
  afterEach(() => house.close())
  const emailOf = (name: string) => `${name}${tests}@example.com`
  return {
    get database() {
      return database
    },
    get house() {
      return house
    },
    emailOf,
    newUser: (name) => createTestUser(database, emailOf(name)),
  }
}

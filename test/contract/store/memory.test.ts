/** The store in memory keeps the promises of the port. */
import test from 'ava'
import { createMemoryStore } from '../../../server/store/memory.ts'
import { entityCases } from './entity-cases.ts'
import { eventCases } from './event-cases.ts'
import { runCases } from './run-cases.ts'

entityCases(test, async () => createMemoryStore())
runCases(test, async () => createMemoryStore())
eventCases(test, async () => createMemoryStore())

/** Entities, runs and places on disk for the tests of the store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Entity } from '../../../server/core/entity.ts'
import type { RunRecord } from '../../../server/store/port.ts'

export interface Note extends Entity {
  text: string
}

export const note = (name: string, overrides: Partial<Note> = {}): Note => ({
  id: '5f1c1bd5-4d0a-4bd1-9f7a-6e1b8d6c0a11',
  org: 'solo',
  name,
  revision: 0,
  status: 'INITIALIZED',
  reason: null,
  tags: [{ key: 'role', value: 'test' }],
  createdTimeSeconds: 1_700_000_000,
  modifiedTimeSeconds: 1_700_000_000,
  text: `text of ${name}`,
  ...overrides,
})

export const run = (name: string, overrides: Partial<RunRecord> = {}): RunRecord => ({
  name,
  org: 'solo',
  functionName: 'hello',
  functionId: 'f-hello',
  status: 'READY',
  executedNs: 1_700_000_000_000_000_001n,
  modifiedNs: 1_700_000_000_000_000_002n,
  body: `{"name":"${name}"}`,
  ...overrides,
})

/** A directory of its own for the test, gone when it ends. */
export function temporaryDir(t: ExecutionContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'dispatch-store-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Failures of SQLite are told in words of the operator. */
import { DatabaseSync } from 'node:sqlite'
import test from 'ava'
import { describeFailure, isIoError } from '../../../../server/store/sqlite-errors.ts'

const sqliteError = (errcode: number) => Object.assign(new Error('disk I/O error'), { errcode })

test('a known code gets advice, also when it is an extended one', t => {
  const database = new DatabaseSync(':memory:')
  t.teardown(() => database.close())
  database.exec('PRAGMA max_page_count = 2; CREATE TABLE t (x)')
  const thrown = t.throws(() => database.exec('INSERT INTO t VALUES (zeroblob(100000))'))
  t.is(describeFailure('/x.db', thrown), 'database /x.db: the disk is full; free some space (database or disk is full)')
  t.regex(describeFailure('/x.db', sqliteError(10 + (4 << 8))), /^database \/x\.db: reading or writing it failed/)
})

test('anything else is told as it is', t => {
  t.is(describeFailure('/x.db', new Error('oops')), 'database /x.db: oops')
  t.is(describeFailure('/x.db', 'oops'), 'database /x.db: oops')
})

test('a failed write or sync is told from a full disk', t => {
  t.true(isIoError(sqliteError(10 + (4 << 8))))
  t.false(isIoError(sqliteError(13)))
  t.false(isIoError(new Error('oops')))
})

/** Errors of the catalogue: parameters, causes, and who is to blame. */
import test from 'ava'
import fc from 'fast-check'
import { catalogue, dispatchError, isEntry, messageOf, validationError } from '../../../../server/core/errors.ts'

test('parameters fill the text, once, whatever is in them', t => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (kind, name) => {
      t.is(dispatchError('NOT_FOUND', { kind, name }).message, `${kind} ${name} not found`)
    }),
  )
  t.is(dispatchError('NOT_FOUND', { kind: '{name}', name: '$&' }).message, '{name} $& not found')
})

test('an error keeps its cause for the log and not in its text', t => {
  const cause = new Error('the disk is full')
  const error = dispatchError('INTERNAL', { kind: 'function', name: 'f' }, cause)
  t.is(error.cause, cause)
  t.false(error.message.includes('disk'))
})

test('the code of a body is the status, but for validation the rule', t => {
  t.like(dispatchError('NO_RESOURCE', {}), { code: 404, httpStatus: 404, blame: 'caller' })
  t.like(validationError(602, 'x'), { code: 602, httpStatus: 422, blame: 'caller', entry: 'VALIDATION' })
})

test('whatever is ours or a function’s has a status of 5xx, whatever is the caller’s one of 4xx or 501', t => {
  for (const [name, { httpStatus, blame }] of Object.entries(catalogue)) {
    t.is(httpStatus >= 500 && httpStatus !== 501, blame !== 'caller', name)
  }
})

test('an entry is recognized by its name, and only errors of ours have one', t => {
  t.true(isEntry(dispatchError('DRAINING', {}), 'DRAINING'))
  t.false(isEntry(dispatchError('DRAINING', {}), 'NOT_FOUND'))
  t.false(isEntry({ entry: 'DRAINING' }, 'DRAINING'))
})

test('anything thrown has a text', t => {
  t.deepEqual([new Error('a'), 'b', undefined, 3].map(messageOf), ['a', 'b', 'undefined', '3'])
})

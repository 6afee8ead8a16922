/** What an API still needs, for each of its states. */
import test from 'ava'
import { planApi } from '../../../../server/apis/plan.ts'
import { statuses } from '../../../../server/core/status.ts'

test('a pending API becomes READY, one that is READY stays, one that is being deleted goes', t => {
  t.deepEqual(
    statuses.map(status => [status, planApi({ status }).do]),
    [
      ['INITIALIZED', 'ready'],
      ['CREATING', 'ready'],
      ['READY', 'nothing'],
      ['UPDATING', 'ready'],
      ['ERROR', 'ready'],
      ['DELETING', 'remove'],
    ],
  )
})

import test from 'ava'
import { renderStatus } from '../../../cli/appliance-status.ts'
import { parseJson } from '../../../cli/format/json.ts'
import type { Status } from '../../../provisioning/appliance/status.ts'

const openUntilMs = Date.UTC(2026, 10, 29, 12, 30)
const untilMs = Date.UTC(2026, 10, 29, 12, 1, 30)

function render(changes: Partial<Status>): string {
  const status: Status = {
    ...{ product: 'Dispatch Solo', version: '1.2.3', state: 'unclaimed', reasons: [], hostName: 'solo' },
    ...{ urls: [], addresses: [], fingerprints: {}, health: [], faults: [], failures: [], ...changes },
  }
  return renderStatus(parseJson(JSON.stringify(status)))
}

test('it tells until when the set-up page is open, and how it is opened again', t => {
  const open = render({ setup: { isOpen: true, openUntilMs, waitUntilMs: untilMs } })
  t.regex(open, /set-up page +\| open until 12:30:00 UTC *\n.*wrong codes.*until 12:01:30 UTC/)
  const over = render({ setup: { isOpen: false, openUntilMs } })
  t.regex(over, /set-up page +\| over: .*`dispatch appliance setup reopen`/)
})

test('it tells of a network that is being tried, where, and how it is kept', t => {
  const shown = render({ state: 'ready', trial: { untilMs, addresses: ['10.0.0.9'] } })
  t.regex(shown, /network +\| on trial until 12:01:30 UTC, .*`dispatch appliance settings confirm` *\n +\| 10\.0\.0\.9/)
  t.notRegex(shown, /set-up page/)
})

test('without either it tells of neither', t => {
  t.notRegex(render({ state: 'ready' }), /set-up page|on trial|until/)
})

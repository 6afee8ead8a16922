/** What the functions of the recorded day do, as far as its captures show. */
import { loadCapture } from '../helpers/captures.ts'
import { answer, type Script } from '../helpers/fake-execution.ts'

export const recordedBody = (number: string, part: 'request' | 'answer') =>
  JSON.parse(loadCapture(number)[0]?.[part].body ?? '')

export const jon = { name: 'Jon', place: 'Winterfell' }

const hello: Script = ({ payloadJson }) => {
  const { name = 'Noone', place = 'Nowhere' } = JSON.parse(payloadJson)
  return answer(JSON.stringify({ myField: `Hello, ${name} from ${place}` }))
}

const failsAsIn = (number: string): Script => {
  const { error } = recordedBody(number, 'answer')
  return () => ({ ok: false, error, logs: { stdout: null, stderr: null } })
}

const echo: Script = ({ contextJson, payloadJson }) => answer(`{"context":${contextJson},"params":${payloadJson}}`)

/** Its first call came before it listened; a tick has nothing that it could greet. */
const helloJs: Script = (invocation, revision) => {
  if (invocation.payloadJson === 'null') return answer('{}')
  return (JSON.parse(invocation.payloadJson).name === jon.name ? failsAsIn('047') : hello)(invocation, revision)
}

/** What the functions of that day answered; those of 047 and 067 were called before they listened. */
export const scripts: Record<string, Script> = {
  'hello-world': hello,
  'hello-js': helloJs,
  raise: failsAsIn('056'),
  'i-have-a-secret': failsAsIn('067'),
  'node-echo-back': echo,
}

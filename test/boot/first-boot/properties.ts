/** An appliance with properties on a disc is ready by itself, and nothing of their secrets is left on it. */
import type { Bench } from '../bench.ts'
import { runOverSsh } from '../ssh.ts'
import { awaitApi, expect, hear, type Identity, start } from './appliance.ts'
import { makeValuesDisc } from './discs.ts'
import { adminPassword, checkAdminLogins, checkGiven, createGiven, rootPassword } from './given.ts'

/** `/run` has what systemd was handed by the test, too, but no value. */
const places = '/etc /root /home /run /tmp /var/lib/dispatch /var/lib/dispatch-appliance /var/lib/systemd /var/log'
/** grep answers with 1 where it finds nothing. */
const search = `grep -rlaF -D skip -f /dev/stdin ${places}; test $? -eq 1 && echo nothing`
const searchJournal = 'journalctl --no-pager --output=export | grep -aF -f /dev/stdin | head; echo end'

/** A log may have escaped quotes and backslashes. */
const findPlainParts = (password: string): string[] =>
  password
    .split(/["'\\]/)
    .map(part => part.trim())
    .filter(part => part.length > 8)

export async function proveProperties(bench: Bench): Promise<Identity> {
  const given = await createGiven(bench, 'properties')
  const values = { ...given.values, 'dispatch.admin_pwd': adminPassword }
  const discs = [await makeValuesDisc(bench, 'properties', values)]
  const machine = await start(bench, { name: 'properties', awaits: 'ready', discs })
  const [seconds, testimony] = await Promise.all([awaitApi(machine), hear(machine)])
  bench.print(`ok  properties on a disc: the API answers ${seconds} after power-on, without a hand on it`)
  await checkGiven(machine, testimony, given)
  await checkAdminLogins(machine, given.key)
  bench.print('ok  static network, host name, TLS pair, keys and hostile passwords of root and admin are applied')
  const secrets = [adminPassword, rootPassword].flatMap(findPlainParts).join('\n')
  const root = { port: machine.ports.ssh.hostPort, user: 'root', key: given.key }
  const found = await runOverSsh({ ...root, input: secrets }, search)
  expect(found.trim() === 'nothing', `a password is left in ${found}`)
  const told = await runOverSsh({ ...root, input: secrets }, searchJournal)
  expect(told.trim() === 'end', 'a password is in the journal')
  bench.print('ok  no password is left in its files or its journal')
  await machine.running.cutPower()
  return testimony.identity
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { verifyPassword } from '../../../../provisioning/appliance/passwords.ts'
import { createRun } from '../../../../provisioning/run.ts'

/**
 * Stands for PAM's helper: the account and `nonull` as arguments, the password as its input up to the first zero. Whatever
 * else comes ends with another code than a wrong password.
 */
const helper = (password: string) => `#!${process.execPath}
const { readFileSync } = require('node:fs')
if (process.argv.slice(2).join('|') !== 'admin|nonull') process.exit(4)
const input = readFileSync(0)
if (!input.includes(0)) process.exit(4)
process.exit(input.subarray(0, input.indexOf(0)).equals(Buffer.from(${JSON.stringify(password)})) ? 0 : 7)
`

async function createHelper(t: ExecutionContext, password: string) {
  const folder = await mkdtemp(join(tmpdir(), 'chkpwd-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'unix_chkpwd'), helper(password), { mode: 0o755 })
  return createRun(folder)
}

test('the right password opens, a wrong one does not', async t => {
  for (const password of ['winter is coming', ` ü$&\\'"<> `]) {
    const run = await createHelper(t, password)
    t.true(await verifyPassword(run, 'admin', password))
    for (const wrong of ['', `${password}x`, password.slice(0, -1), `${password}\0`, `${password}\n`])
      t.false(await verifyPassword(run, 'admin', wrong), JSON.stringify(wrong))
    t.false(await verifyPassword(run, 'root', password), 'of another account')
  }
})

test('where there is no helper nobody gets in', async t => {
  t.false(await verifyPassword(createRun('/nowhere'), 'admin', 'winter is coming'))
})

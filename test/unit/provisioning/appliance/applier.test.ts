import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createApplier } from '../../../../provisioning/appliance/applier.ts'
import { accountOf } from '../../../../provisioning/appliance/passwords.ts'
import { createFiles } from '../../../../provisioning/firstboot/files.ts'
import { noSettings } from '../../../../provisioning/firstboot/settings.ts'

const { uid, gid } = userInfo()

/** A machine whose files belong to whoever runs the test. */
async function createMachine(t: ExecutionContext) {
  const root = await mkdtemp(join(tmpdir(), 'applier-'))
  t.teardown(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc/passwd'), `root:x:${uid}:${gid}::/:/bin/sh\n`)
  await writeFile(join(root, 'etc/group'), `root:x:${gid}:\n`)
  const setPasswords = (root_: string, admin: string) =>
    writeFile(join(root, 'etc/shadow'), `root:${root_}:1::::::\nadmin:${admin}:1::::::\n`)
  const applier = createApplier({
    run: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
    files: createFiles(root),
    certificate: { keep: async () => undefined },
    root,
  })
  const sshd = () => readFile(join(root, 'etc/ssh/sshd_config.d/05-appliance.conf'), 'utf8')
  return { applier, setPasswords, sshd }
}

test('a password that somebody sets or locks by other means is seen, once, and SSH follows it', async t => {
  const { applier, setPasswords, sshd } = await createMachine(t)
  await setPasswords('*', '!')
  await applier.apply(noSettings, {})
  t.is(await applier.seePasswords(), false)
  t.is(accountOf(applier.facts()), undefined)

  await setPasswords('$y$j9T$abc', '!')
  t.is(await applier.seePasswords(), true)
  t.is(await applier.seePasswords(), false)
  t.is(accountOf(applier.facts()), 'root')
  await applier.apply(noSettings, {})
  t.true(applier.isSshUsable())
  t.regex(await sshd(), /^PasswordAuthentication yes$/m)

  await setPasswords('!$y$j9T$abc', '!')
  t.is(await applier.seePasswords(), true)
  await applier.apply(noSettings, {})
  t.false(applier.isSshUsable())
  t.regex(await sshd(), /^PasswordAuthentication no$/m)
})

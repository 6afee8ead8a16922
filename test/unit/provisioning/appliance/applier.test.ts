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
  const commands: string[] = []
  const applier = createApplier({
    run: async argv => {
      commands.push(argv.join(' '))
      return { exitCode: 0, stdout: '', stderr: '' }
    },
    files: createFiles(root),
    certificate: { keep: async () => undefined },
    root,
  })
  const sshd = () => readFile(join(root, 'etc/ssh/sshd_config.d/05-appliance.conf'), 'utf8')
  return { root, applier, setPasswords, sshd, commands }
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

test('SSH is called as the base calls it, by the plan and by who starts it', async t => {
  const { root, applier, commands } = await createMachine(t)
  for (const [release, unit] of [['ID=debian', 'ssh.service'] as const, ['ID=photon', 'sshd.service'] as const]) {
    await writeFile(join(root, 'etc/os-release'), `${release}\n`)
    await rm(join(root, 'etc/ssh'), { recursive: true, force: true })
    await applier.apply(noSettings, {})
    t.is(applier.sshUnit(), unit)
    t.true(commands.includes(`systemctl --no-block try-restart ${unit}`))
  }
})

/** What installers and cloud-init are told: readable by them, with the bake's key as the only way in. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { parse } from 'yaml'
import type { Base } from '../../../packer/bases/base.ts'
import { bases } from '../../../packer/bases/table.ts'
import { repository } from '../../../packer/source.ts'

const dir = join(repository, 'packer/answers')
const read = (path: string) => readFile(join(dir, path), 'utf8')
const key = '@public-key@'

/** Every string in a value, however deep. */
const stringsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

for (const folder of ['cloud', 'autoinstall']) {
  test(`${folder}: user-data and meta-data are YAML that cloud-init takes`, async t => {
    const userData = await read(`${folder}/user-data`)
    t.true(userData.startsWith('#cloud-config\n'))
    t.is(stringsIn(parse(userData)).filter(text => text === key).length, 1)
    t.is(typeof parse(await read(`${folder}/meta-data`))['instance-id'], 'string')
  })
}

test('cloud-init makes no user beside root and takes no password', async t => {
  const { users, ssh_pwauth, disable_root } = parse(await read('cloud/user-data'))
  t.deepEqual(users, [{ name: 'root', ssh_authorized_keys: [key] }])
  t.is(ssh_pwauth, false)
  t.is(disable_root, false)
})

test("Ubuntu's installer asks nothing, makes no user and no swap", async t => {
  const { autoinstall } = parse(await read('autoinstall/user-data'))
  t.is(autoinstall.version, 1)
  t.is(autoinstall['interactive-sections'], undefined)
  t.is(autoinstall.identity, undefined)
  t.deepEqual(autoinstall.ssh, { 'install-server': true, 'allow-pw': false })
  t.deepEqual(autoinstall.storage, { swap: { size: 0 }, layout: { name: 'direct' } })
  t.deepEqual(autoinstall['user-data'].users, [{ name: 'root', ssh_authorized_keys: [key] }])
})

test("Photon's installer asks nothing; root's password is one that nothing matches", async t => {
  const answers = JSON.parse(await read('kickstart/ks.json'))
  t.deepEqual(answers.password, { crypted: true, text: '*', age: -1 })
  t.is(answers.linux_flavor, 'linux')
  t.is(answers.postinstall[0], '#!/bin/sh')
  t.true(answers.postinstall.some((line: string) => line.includes(`'${key}' > /root/.ssh/authorized_keys`)))
})

test("every line for Debian's installer is an owner, a question, its type and a value", async t => {
  const lines = (await read('preseed/preseed.cfg')).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  const types = '(string|select|multiselect|boolean|password|note)'
  for (const line of lines) t.regex(line, new RegExp(`^[a-z-]+ [a-z/_@-]+ ${types}( .*)?$`))
  t.true(lines.includes('d-i passwd/root-password-crypted password *'))
  t.true(lines.includes('d-i passwd/make-user boolean false'))
  t.is(lines.filter(line => line.includes(key)).length, 1)
})

test('no answer holds the hash of a password, nor one in clear', async t => {
  for (const folder of await readdir(dir)) {
    for (const name of await readdir(join(dir, folder))) {
      const text = await read(join(folder, name))
      t.notRegex(text, /\$(1|5|6|y|2[aby])\$/, `${folder}/${name}`)
      t.notRegex(text, /chpasswd|root-password password|crypted": false/, `${folder}/${name}`)
    }
  }
})

test('an installer is told where the answers are: on the disc, or by the address that Packer serves', async t => {
  const places = {
    autoinstall: /ds=nocloud/,
    kickstart: /ks=\/dev\/sr1:\/ks\.json/,
    preseed: /url=http:.+\/preseed\.cfg/,
  }
  for (const { iso } of Object.values<Base>(bases)) {
    t.regex(iso.bootCommand.join(''), places[iso.answers])
    t.true((await readdir(dir)).includes(iso.answers))
  }
})

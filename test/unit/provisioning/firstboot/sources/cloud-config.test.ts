/** What is taken of cloud-init's files, and what is not. */
import test from 'ava'
import { readCloudConfig } from '../../../../../provisioning/firstboot/sources/cloud-config.ts'

const read = (userData: string, metaData = '') => readCloudConfig(`#cloud-config\n${userData}`, metaData)
const hash = '$6$rounds=4096$salt$0123456789abcdef'

test('names, keys and the password are taken to the letter', t => {
  const { values, faults } = read(
    `hostname: short
fqdn: dispatch.example.com
password: 0123456789012345678901
ssh_authorized_keys:
  - ssh-ed25519 AAAA one
users:
  - default
  - name: jon
    ssh_authorized_keys: [ssh-ed25519 BBBB two]
packages: [vim]
runcmd: ["rm -rf /"]`,
    'instance-id: i-1\nlocal-hostname: other\n',
  )
  t.deepEqual(values, {
    'network.fqdn': 'dispatch.example.com',
    'appliance.ssh_keys': 'ssh-ed25519 AAAA one\nssh-ed25519 BBBB two',
    'dispatch.admin_pwd': '0123456789012345678901',
  })
  t.deepEqual(faults, [])
})

test('a name may be in either file', t => {
  t.deepEqual(read('hostname: short').values, { 'network.fqdn': 'short' })
  t.deepEqual(readCloudConfig('', 'local-hostname: other').values, { 'network.fqdn': 'other' })
  t.deepEqual(readCloudConfig('', '').values, {})
})

const ways: Readonly<Record<string, string>> = {
  'at the top': "password: 'no: & $(id) '",
  'of a list in one text': 'chpasswd:\n  list: |\n    root:other words\n    admin:no: & $(id) ',
  'of a list': "chpasswd:\n  list: ['root:other words', 'admin:no: & $(id) ']",
  'of users of chpasswd':
    "chpasswd:\n  users:\n    - {name: root, password: x}\n    - {name: admin, password: 'no: & $(id) ', type: text}",
  'of users': "users:\n  - {name: admin, plain_text_passwd: 'no: & $(id) '}",
}
for (const [way, userData] of Object.entries(ways))
  test(`the password of admin is taken ${way}`, t => {
    t.deepEqual(read(userData), { values: { 'dispatch.admin_pwd': 'no: & $(id) ' }, faults: [] })
  })

const hashes: Readonly<Record<string, string>> = {
  'at the top': `password: ${hash}`,
  'of a list': `chpasswd: {list: ["admin:${hash}"]}`,
  'of users of chpasswd': `chpasswd: {users: [{name: admin, password: anything, type: hash}]}`,
  'of users': `users: [{name: admin, passwd: ${hash}}]`,
  'of users, by its other name': `users: [{name: default, hashed_passwd: ${hash}}]`,
}
for (const [way, userData] of Object.entries(hashes))
  test(`a hash is refused ${way}`, t => {
    const { values, faults } = read(userData)
    t.deepEqual(values, {})
    t.like(faults, [{ key: 'dispatch.admin_pwd', instead: 'the instance stays unclaimed, and shows its set-up page' }])
    t.false(JSON.stringify(faults).includes('rounds'))
  })

test('passwords of others are none of admin', t => {
  t.deepEqual(read('chpasswd: {list: ["root:x y z"]}\nusers: [{name: root, plain_text_passwd: x}]').values, {})
})

const refused: Readonly<Record<string, string>> = {
  'a script': '#!/bin/sh\necho password: secret\n',
  'several parts': 'Content-Type: multipart/mixed; boundary="x"\n',
  'another header': '#cloud-config-archive\n- x\n',
  'no YAML': '#cloud-config\npassword: "secret\n',
  'a list': '#cloud-config\n- secret\n',
  'a key twice': '#cloud-config\npassword: secret\npassword: other\n',
  'aliases without end': `#cloud-config\na: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`)}]`).join('\n')}\n`,
}
for (const [what, userData] of Object.entries(refused))
  test(`${what} is refused without a word of it`, t => {
    const { message } = t.throws(() => readCloudConfig(userData, ''))
    t.notRegex(message, /secret/)
  })

import { readFile } from 'node:fs/promises'
import test from 'ava'
import { rootUuid } from '../../../../packer/layout.ts'
import { parseOptions } from '../../../boot/kernel.ts'

const menu = new URL('../../../../provisioning/rootfs/boot/grub/grub.cfg', import.meta.url)

test("a kernel that is handed over gets the options of the appliance's own menu", async t => {
  const options = parseOptions(await readFile(menu, 'utf8'))
  t.true(options.startsWith(`root=UUID=${rootUuid} `))
  t.notRegex(options, /["$]/)
})

test('a menu without options is refused', t => {
  t.throws(() => parseOptions('set timeout=1\n'), { message: /no line that sets the kernel's options/ })
})

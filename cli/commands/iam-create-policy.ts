/** Owns `iam create policy`. */
import { defineCommand, exactly } from '../command.ts'
import { resources } from '../resources.ts'
import { waitFlags } from '../wait.ts'
import { createObject } from './create-object.ts'

export const command = defineCommand({
  usage: 'POLICY_NAME',
  description: 'Create a policy of one rule: who may do what with which kinds of objects.',
  examples: [
    'dispatch iam create policy readers --subject jon@example.com --action get --resource "*"',
    'dispatch iam create policy all -s admin -a "*" -r "*" --global',
  ],
  arity: exactly(1),
  flags: {
    subject: {
      kind: 'names',
      short: 's',
      value: 'NAMES',
      required: true,
      completes: 'ServiceAccount',
      summary: 'users and service accounts',
    },
    action: {
      kind: 'names',
      short: 'a',
      value: 'ACTIONS',
      required: true,
      completes: ['get', 'create', 'update', 'delete', 'read', '*'],
      summary: 'get, create, update, delete, read or *',
    },
    resource: { kind: 'names', short: 'r', value: 'KINDS', required: true, summary: 'kinds of objects, or *' },
    global: { kind: 'toggle', summary: 'in every organization' },
    ...waitFlags,
  },
  async run(invocation) {
    const { args, flags } = invocation
    const rule = { actions: [...flags.action], resources: [...flags.resource], subjects: [...flags.subject] }
    const name = args[0] ?? ''
    const body = { ...(flags.global && { global: true }), name, rules: [rule] }
    return createObject(invocation, resources.policy, body)
  },
})

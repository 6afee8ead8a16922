/** What the runtimes' tests load: the probes of test/fixtures/runtimes, and code that cannot be loaded. */
import { readFileSync } from 'node:fs'
import type { RuntimeCases } from './runtime-cases.ts'

const fixture = (name: string) => readFileSync(`test/fixtures/runtimes/${name}`, 'utf8')

export const python3: Pick<RuntimeCases, 'probe' | 'broken'> = {
  probe: { 'probe.py': fixture('probe.py') },
  broken: {
    'two files and no handler': {
      files: { 'a.py': '', 'b.py': '' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a syntax error': {
      files: { 'a.py': 'def handle(:' },
      message: /^Invalid function file or handler: SyntaxError: .*a\.py, line 1/,
    },
    'an import that fails': {
      files: { 'a.py': 'import absent' },
      message: /^Invalid function file or handler: ModuleNotFoundError: No module named 'absent' \(.*a\.py, line 1\)$/,
    },
    'a handler with one argument': {
      files: { 'a.py': 'def handle(payload): pass' },
      message: /^Invalid function file or handler: handle\(payload\) does not take \(context, payload\)$/,
    },
    'a handler that is not there': {
      files: { 'a.py': 'def handle(c, p): pass' },
      handler: 'a.absent',
      message: /^Invalid function file or handler: AttributeError: module 'a' has no attribute 'absent'$/,
    },
    'a process that ends while it is imported': {
      files: { 'a.py': 'import os; os._exit(3)' },
      message: /^Invalid function file or handler: importing it ended its container/,
    },
    'sys.exit() while it is imported': {
      files: { 'a.py': 'import sys; sys.exit(3)' },
      message: /^Invalid function file or handler: SystemExit: 3/,
    },
  },
}

export const nodejs: Pick<RuntimeCases, 'probe' | 'broken'> = {
  probe: { 'probe.js': fixture('probe.js') },
  broken: {
    'two files and no handler': {
      files: { 'a.js': '', 'b.js': '' },
      message: /^Exactly 1 source file needed when HANDLER is empty$/,
    },
    'a syntax error': {
      files: { 'a.js': 'module.exports = (' },
      message: /^Invalid function file or handler: SyntaxError: .*a\.js:1\)$/,
    },
    'an import that fails': {
      files: { 'a.js': 'require("absent")' },
      message: /^Invalid function file or handler: Error: Cannot find module 'absent'$/,
    },
    'no function exported': {
      files: { 'a.mjs': 'export default 3' },
      handler: './a.mjs',
      message: /^Invalid function file or handler: \.\/a\.mjs exports no function/,
    },
    'a file that is not there': {
      files: { 'a.js': '' },
      handler: './absent.js',
      message: /^Invalid function file or handler: Error: Cannot find module/,
    },
    'a process that ends while it is imported': {
      files: { 'a.js': 'process.exit(3)' },
      message: /^Invalid function file or handler: its process exited with code 3 while importing it$/,
    },
  },
}

// The hello handler on functions-framework: the example that the nodejs runtime comes with, called with the input of a run.
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { compileFunction } = require('node:vm')
const functions = require('@google-cloud/functions-framework')

// Read, not required: in this repository a file ending in .js would be taken for an ES module.
const hello = { exports: undefined }
const example = join(__dirname, '../../../server/runtimes/nodejs/example/hello.js')
compileFunction(readFileSync(example, 'utf8'), ['module'])(hello)

functions.http('hello', (request, response) => response.json(hello.exports(null, request.body.input)))

import { expect, test } from 'vitest'
import { chooseSubprotocol } from '../index.ts'

test.each([
  [[], { kind: 'stock' }],
  [['codraft.1'], { kind: 'codraft', subprotocol: 'codraft.1' }],
  [['chat', 'codraft.9', 'codraft.1'], { kind: 'codraft', subprotocol: 'codraft.1' }],
  [['codraft.9', 'chat'], { kind: 'unknown', subprotocol: 'codraft.9' }],
])('of %j the server chooses %j', (offered, choice) => {
  expect(chooseSubprotocol(offered)).toEqual(choice)
})

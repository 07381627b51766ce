/**
 * Child of the crash tests: opens a session and asks questions until it is killed, and prints every answer it was given.
 * With a stage it kills itself at that stage of its second question.
 */
import { writeSync } from 'node:fs';
import { open } from '../../src/index.node.ts';
import { askedOf, EPSILON, questionOf } from './question.ts';

const [, , policy = '', directory = '', run = '', stage = ''] = process.argv;
const session = await open({ policy, directory, as: 'dr-lee' });
for (let i = 0; ; i++) {
  const question = questionOf(run, i);
  const release = await session.query(question, {
    epsilon: EPSILON,
    onProgress: (reached) => {
      if (i === 1 && reached === stage) process.kill(process.pid, 'SIGKILL');
    },
  });
  writeSync(1, `${JSON.stringify(askedOf(question, release))}\n`);
}

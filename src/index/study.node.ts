/** Questions and studies before they are asked: from the policy file, and for studies its journal. No data is touched. */
import { dirname } from 'node:path';
import type { Question } from '../ask/index.ts';
import { rulesOf } from '../govern/in-force.ts';
import { journalOrNothing } from '../govern/journal.node.ts';
import { type Preview, type PreviewOptions, previewQuestion } from '../session/preview/preview.ts';
import { stateFolderName } from '../state.node.ts';
import type { Study } from '../study/study.ts';
import { planStudyOn, type StudyPlan } from '../study/study-plan.ts';
import { givenPolicy, type Placed } from './place.node.ts';

/** Whose policy, and who would ask. */
export interface BeforeSpending extends Placed {
  readonly as: string;
  readonly purpose?: string;
  readonly clock?: () => Date;
}

/** Looks at a question before it is asked: see `previewQuestion`. @throws GauzeError USAGE, and as there */
export function previewIn(options: BeforeSpending, question: Question, wishes: PreviewOptions): Preview {
  return previewQuestion(givenPolicy(options.policy).policy, options, question, wishes);
}

/** Plans a study, and says whether the budgets in the journal admit it now. @throws GauzeError USAGE, LEDGER_*, and as `planStudy` */
export async function planStudyIn(options: BeforeSpending, study: Study): Promise<StudyPlan> {
  const { policy, file } = givenPolicy(options.policy);
  const folder = options.directory ?? (file === null ? null : stateFolderName(file));
  const { ledger, store } = await journalOrNothing(policy, { folder, base: file === null ? '.' : dirname(file) });
  try {
    const now = (options.clock ?? ((): Date => new Date()))();
    const { rules } = rulesOf(await ledger.records(), policy, now);
    return await planStudyOn(ledger, rules, options, study);
  } finally {
    await store.close();
  }
}

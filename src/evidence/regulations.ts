/**
 * What rules and frameworks ask for, in our own words, and which piece of evidence speaks to it. Sections are cited, their
 * text is not repeated. Evidence supports somebody's finding; no software makes an organisation meet a rule.
 */
import type { ArtefactId, Status } from './artefact/artefact.ts';

/** What the policy, or the journal, must have for a row to be what it says. */
export type Need = 'purposes' | 'roles' | 'terms' | 'consent' | 'contact' | 'anchor';

/** A row at its best: with every piece present, and what it needs. */
export interface Requirement {
  readonly framework: string;
  readonly section: string;
  readonly asks: string;
  readonly status: Exclude<Status, 'absent'>;
  readonly evidence: readonly ArtefactId[];
  readonly needs: Need | null;
  /** What people must still do or show. */
  readonly notProvided: string;
}

type Row = readonly [
  section: string,
  asks: string,
  status: Requirement['status'],
  evidence: string,
  notProvided: string,
  needs?: Need,
];

const HIPAA_SECURITY: readonly Row[] = [
  [
    '45 CFR 164.312(a)(1)',
    'Only those who may, have access',
    'enforced',
    'POL AUD',
    'whether roles fit the workforce; who can read the data files themselves',
    'roles',
  ],
  [
    '45 CFR 164.312(a)(2)(i)',
    'Every user has a name of his own',
    'recorded',
    'AUD',
    'proof of identity: the host application gives the name',
  ],
  [
    '45 CFR 164.312(a)(2)(ii)',
    'Access in an emergency',
    'out-of-scope',
    '',
    'aggregates serve no emergency care; another system must',
  ],
  [
    '45 CFR 164.312(a)(2)(iii)',
    'Sessions end by themselves',
    'out-of-scope',
    '',
    'the host application and its devices',
  ],
  ['45 CFR 164.312(a)(2)(iv)', 'Data at rest are encrypted', 'out-of-scope', '', 'disks, backups, custody of keys'],
  [
    '45 CFR 164.312(b)',
    'Activity is recorded and can be examined',
    'recorded',
    'AUD LED',
    'somebody who examines it, 164.308(a)(1)(ii)(D)',
  ],
  [
    '45 CFR 164.312(c)',
    'Records are not altered unnoticed',
    'enforced',
    'LED KEY',
    'durable storage; an anchor kept by another party',
    'anchor',
  ],
  ['45 CFR 164.312(d)', 'Who asks is who he says he is', 'out-of-scope', '', 'the identity provider'],
  ['45 CFR 164.312(e)', 'Data in transit are protected', 'out-of-scope', '', 'network and its encryption'],
  [
    '45 CFR 164.308(a)(3), (a)(4)',
    'Access is granted, reviewed and ended',
    'enforced',
    'POL ACC',
    'telling the officer who left; the review itself',
    'roles',
  ],
  [
    '45 CFR 164.308(a)(6)',
    'Incidents are answered and documented',
    'recorded',
    'INC AUD',
    'deciding on a breach, 164.402, and notices, 164.404 to 164.410',
  ],
  ['45 CFR 164.308(a)(1)(ii)(A)', 'Risks are analysed', 'out-of-scope', 'LED', 'the analysis'],
  ['45 CFR 164.316(b)(2)(i)', 'Documentation is kept for six years', 'recorded', 'POL', 'the archive itself'],
  ['45 CFR 164.314, 164.504(e)', 'Contracts with business associates', 'attested', 'POL', 'the contract', 'terms'],
];

const HIPAA_PRIVACY: readonly Row[] = [
  [
    '45 CFR 164.514(a), (b)',
    'De-identification, by an expert or by removing identifiers',
    'out-of-scope',
    'DID RSK',
    'this journal releases aggregates with noise, not records; a legal conclusion',
  ],
  [
    '45 CFR 164.514(e)',
    'A limited data set needs a data-use agreement',
    'recorded',
    'POL AUD',
    'the agreement',
    'terms',
  ],
  [
    '45 CFR 164.502(b), 164.514(d)',
    'No more is used than needed',
    'enforced',
    'POL AUD ACC',
    'why it was needed',
    'purposes',
  ],
  [
    '45 CFR 164.528',
    'Disclosures can be accounted for',
    'recorded',
    'AUD INC',
    'an account for one person, where the rule asks for it',
  ],
];

const NIST_AI_RMF: readonly Row[] = [
  ['GOVERN 1.1', 'Legal demands are known', 'recorded', 'POL', 'legal review'],
  ['GOVERN 1.2', 'Policies hold what makes a system trustworthy', 'enforced', 'POL', 'that people follow them'],
  ['GOVERN 1.4', 'Handling of risk is open to view', 'recorded', 'TRN POL', 'publishing it'],
  ['GOVERN 1.5', 'Monitoring and review are planned', 'recorded', 'ACC LED', 'the meeting'],
  ['GOVERN 1.6', 'Systems are inventoried', 'recorded', 'POL', 'systems outside this one'],
  ['GOVERN 2.1', 'Roles are written down', 'enforced', 'POL ACC', 'training', 'roles'],
  ['GOVERN 4.3', 'Testing and reporting of incidents', 'recorded', 'INC', 'sharing it'],
  ['GOVERN 6.1', 'Risks of third parties', 'out-of-scope', 'VAL', 'contracts and the list of packages'],
  ['MAP 1.1', 'Purposes are known', 'enforced', 'POL AUD', 'that the stated purpose is the true one', 'purposes'],
  [
    'MAP 2.2',
    'Limits of what is known are stated',
    'recorded',
    'VAL',
    'intervals come with each answer and cover its noise alone',
  ],
  ['MAP 3.4, 3.5', 'People oversee, and are able to', 'recorded', 'POL', 'their ability', 'roles'],
  ['MAP 4.1, 4.2', 'Components of others are controlled', 'out-of-scope', 'VAL', 'the review of packages'],
  ['MAP 5.1', 'Likelihood and size of harm', 'recorded', 'LED', 'harm to society'],
  ['MEASURE 1.1', 'Metrics are chosen', 'enforced', 'LED', 'that the chosen limits are right'],
  ['MEASURE 2.3', 'Performance is shown', 'out-of-scope', 'VAL', 'clinical validity'],
  ['MEASURE 2.7', 'Security and resilience', 'recorded', 'LED KEY', 'a penetration test'],
  ['MEASURE 2.8', 'Transparency and accountability', 'recorded', 'AUD TRN', 'answering for it'],
  [
    'MEASURE 2.9',
    'Output is explained',
    'recorded',
    'AUD',
    'receipts hold proof and mechanisms of each answer; people must read them',
  ],
  ['MEASURE 2.10', 'Risk to privacy is examined', 'enforced', 'LED', 'what attackers know that nobody thought of'],
  ['MEASURE 2.11', 'Fairness', 'out-of-scope', 'VAL', 'small groups get more noise in proportion; whether use is fair'],
  ['MEASURE 3.1', 'New risks are tracked', 'recorded', 'AUD', 'somebody who tracks them'],
  [
    'MANAGE 1.3, 1.4',
    'Risks are answered, what is left is written down',
    'attested',
    'POL',
    'accepting what is left',
    'roles',
  ],
  ['MANAGE 2.3', 'Unknown risks can be met', 'enforced', 'AUD', 'deciding to stop answers'],
  ['MANAGE 2.4', 'Systems can be taken out of use', 'enforced', 'AUD KEY', 'doing it'],
  ['MANAGE 4.1', 'Use is monitored', 'recorded', 'LED AUD', 'who watches'],
  ['MANAGE 4.3', 'Incidents are told', 'recorded', 'INC', 'telling'],
];

const HITRUST: readonly Row[] = [
  ['access control', 'Least privilege', 'enforced', 'POL ACC AUD', 'identity management of the organisation', 'roles'],
  ['audit logging', 'Logging and monitoring', 'recorded', 'AUD', 'collection and review elsewhere'],
  ['data protection', 'Privacy of data', 'enforced', 'LED POL', 'protection of the raw data'],
  ['key management', 'Keys and their changes', 'recorded', 'KEY', 'custody of secrets'],
  [
    'AI governance',
    'Governance and threats, where a model is in scope',
    'out-of-scope',
    'POL',
    'plain aggregates are no model; the assessor decides',
  ],
  ['supply chain', 'Software of others', 'out-of-scope', 'VAL', 'list of packages and their review'],
  ['incident management', 'Incidents', 'recorded', 'INC', 'the response'],
];

const RUHD: readonly Row[] = [
  ['de-identification', 'How data are de-identified', 'out-of-scope', 'DID RSK', 'the expert and the method'],
  ['data controls', 'How data are controlled', 'enforced', 'POL AUD LED', 'physical and contractual controls'],
  [
    'limitations on use',
    'What data may be used for',
    'enforced',
    'POL AUD',
    'use of results after they have left',
    'purposes',
  ],
  ['algorithm validation', 'Whether algorithms are valid', 'out-of-scope', 'VAL', 'clinical validation'],
  ['patient transparency', 'What patients are told', 'recorded', 'TRN', 'publishing it, answering patients'],
  ['oversight structure', 'Who oversees', 'recorded', 'POL ACC', 'the committee', 'roles'],
];

const BILL_OF_RIGHTS: readonly Row[] = [
  ['safe and effective systems', 'Systems are tested', 'out-of-scope', 'VAL', 'the test report'],
  ['discrimination protections', 'Nobody is treated worse unjustly', 'out-of-scope', 'VAL', 'an assessment of equity'],
  ['data privacy', 'Data are protected, people have a say', 'enforced', 'LED POL', 'asking for consent', 'consent'],
  ['notice and explanation', 'People are told and get reasons', 'recorded', 'TRN AUD', 'delivering it'],
  ['human alternatives', 'Somebody can be reached', 'recorded', 'POL AUD', 'the person who answers', 'contact'],
];

const NIST_800_226: readonly Row[] = [
  [
    'epsilon and delta',
    'Both are told, in total and not by question alone',
    'enforced',
    'LED TRN',
    'an epsilon that is right for everybody',
  ],
  ['unit of privacy', 'Who is protected is said', 'enforced', 'POL', 'that the source names persons rightly'],
  ['composition', 'Losses are added up', 'enforced', 'LED', 'other systems that use the same data'],
  ['sensitivity', 'Bounds do not come from the data', 'enforced', 'POL', 'that the officer chose them without looking'],
  ['implementation', 'Floating point, randomness, timing', 'enforced', 'VAL', 'side channels of the host'],
  [
    'trust model',
    'Who is trusted is said',
    'recorded',
    'POL KEY',
    'central: the host of the data is trusted; its honesty',
  ],
  ['utility and bias', 'Errors are told', 'recorded', 'VAL', 'errors that the data already had'],
  ['access control', 'Access below the mathematics', 'recorded', 'AUD POL', 'hosting'],
  ['data collection', 'How data were collected', 'out-of-scope', '', 'where data came from'],
];

/** Every row, in the order of the frameworks. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...rows('HIPAA Security Rule', HIPAA_SECURITY),
  ...rows('HIPAA Privacy Rule', HIPAA_PRIVACY),
  ...rows('NIST AI RMF 1.0', NIST_AI_RMF),
  ...rows('HITRUST, by topic', HITRUST),
  ...rows('Joint Commission RUHD', RUHD),
  ...rows('Blueprint for an AI Bill of Rights', BILL_OF_RIGHTS),
  ...rows('NIST SP 800-226', NIST_800_226),
];

function rows(framework: string, of: readonly Row[]): Requirement[] {
  return of.map(([section, asks, status, evidence, notProvided, needs = null]) => ({
    framework,
    section,
    asks,
    status,
    evidence: evidence === '' ? [] : (evidence.split(' ') as ArtefactId[]),
    needs,
    notProvided,
  }));
}

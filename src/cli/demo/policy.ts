/** The DuckDB file that the policy names. */
export const DEMO_SOURCE = 'meridian.duckdb';

/** The privacy officer's policy for the synthetic network; written beside the demo's database for reading. */
export const DEMO_POLICY: string = `# Policy of the synthetic network "Meridian". No real person is in this data.
gauze: 1
datasets:
  meridian:
    source: ${DEMO_SOURCE}
    unit: person.person_id
    contribution: { groups: 4, rows: 20 }
    budget: { epsilon: 40, delta: 1e-5 }
    minimumUnits: 11
    tables:
      person:
        unit: person_id
        unique: true
        columns:
          site_id: { type: integer, values: [1, 2, 3, 4, 5] }
          year_of_birth: { type: integer, bounds: [1935, 2025] }
          sex: { type: text, values: [F, M] }
          race: { type: text, values: [White, Black, Hispanic, Asian, Other] }
          zip3: { type: text }                       # private keys: shown only when enough persons share them
          insurance: { type: text, values: [private, medicare, medicaid, none] }
          opt_out: { type: boolean }
      visit:
        unit: person_id
        columns:
          visit_id: { type: integer, use: join }
          site_id: { type: integer, values: [1, 2, 3, 4, 5] }
          type: { type: text, values: [outpatient, emergency, inpatient] }
          start_date: { type: date, bounds: [2020-01-01, 2025-12-31] }
          los_days: { type: integer, bounds: [0, 60] }
          cost_cents: { type: integer, bounds: [0, 10000000] }
          discharge_to: { type: text, values: [home, care facility, home with care] }
      condition:
        unit: person_id
        columns:
          code: { type: text }
          vocabulary: { type: text, values: [ICD10CM, SNOMED] }
          start_date: { type: date, bounds: [2020-01-01, 2025-12-31] }
      drug:
        unit: person_id
        columns:
          code: { type: text, values: [metformin, atorvastatin, lisinopril, oxycodone, drug X] }
          days_supply: { type: integer, bounds: [0, 365] }
      measurement:
        unit: person_id
        columns:
          loinc: { type: text, values: ["4548-4", "8480-6", "2160-0", "2093-3", "39156-5"] }
          measured_on: { type: date, bounds: [2020-01-01, 2025-12-31] }
          value: { type: double, step: 0.1, bounds: { by: loinc, of: { "4548-4": [3, 15], "8480-6": [60, 240], "2160-0": [0, 10], "2093-3": [50, 400], "39156-5": [10, 70] } } }
      death:
        unit: person_id
        columns:
          death_date: { type: date, bounds: [2020-01-01, 2025-12-31] }
      concept:
        public: true
        columns:
          code: { type: text }
          name: { type: text }
          chapter: { type: text }
principals:
  dr-lee:
    budgets: [ { dataset: meridian, epsilon: 12, delta: 1e-6 } ]
`;

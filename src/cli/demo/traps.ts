/** Planted persons and rows, present at every size: what naive queries would give away. Ids start at 900,000,001. */

/**
 * T1 a centenarian man with Pompe disease at site 5 · T2 the four patients of zip3 059, all with code B20 · T5 a person
 * with 390 visits · T6 one stay of $4.7 million · T11 rows without a person · T14 a zip3 that only one patient has ·
 * T18 a label that looks like code.
 */
export const TRAPS: readonly string[] = [
  `INSERT INTO person VALUES
    (900000001, 5, 'trap-t1', 1935, 'M', 'White', '051', 'medicare', false),
    (900000002, 5, 'trap-t2a', 1961, 'M', 'White', '059', 'private', false), (900000003, 5, 'trap-t2b', 1974, 'F', 'Black', '059', 'private', false),
    (900000004, 5, 'trap-t2c', 1980, 'M', 'Other', '059', 'none', false), (900000005, 5, 'trap-t2d', 1990, 'F', 'Asian', '059', 'medicaid', false),
    (900000006, 1, 'trap-t5', 1970, 'F', 'White', '011', 'private', false), (900000007, 1, 'trap-t6', 1958, 'M', 'Black', '012', 'private', false),
    (900000008, 3, 'trap-t14', 1966, 'F', 'White', '999', 'private', false),
    (900000009, 3, 'trap-t18', 1985, 'F', 'White', '"; DROP <b>&', 'private', false)`,
  `INSERT INTO condition VALUES (900000001, 'E74.02', 'ICD10CM', DATE '2021-03-01'), (900000002, 'B20', 'ICD10CM', DATE '2021-03-02'),
    (900000003, 'B20', 'ICD10CM', DATE '2021-03-03'), (900000004, 'B20', 'ICD10CM', DATE '2021-03-04'), (900000005, 'B20', 'ICD10CM', DATE '2021-03-05')`,
  `INSERT INTO visit SELECT 900000006::BIGINT * 512 + i, 900000006, 1, 'emergency', DATE '2020-01-01' + (i * 5)::INTEGER, 0, 90000, NULL FROM range(390) t(i)`,
  `INSERT INTO visit VALUES (900000007::BIGINT * 512, 900000007, 1, 'inpatient', DATE '2023-05-01', 61, 470000000, 'home'),
    (1, NULL, 1, 'inpatient', DATE '2023-05-01', 3, 800000, 'home'), (2, NULL, 2, 'emergency', DATE '2023-05-02', 0, 80000, NULL)`,
];

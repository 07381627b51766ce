/** Which software made a record, so that whoever reads it later knows whose rules it followed. */
export const SOFTWARE: string = 'gauze 0.1.0';

import type { IsoDate } from './provenance.js';

/** Working days of the People's Republic of China: weekends, public holidays (法定节假日), made-up working days (调休). */
export interface WorkCalendar {
  isWorkingDay(day: IsoDate): boolean;
  /**
   * Last day for which the State Council's arrangement is known; later days are told by the weekday and the public
   * holidays with a fixed date.
   */
  readonly knownUntil: IsoDate;
}

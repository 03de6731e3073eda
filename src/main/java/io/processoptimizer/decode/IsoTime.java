package io.processoptimizer.decode;

import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/** Times of ISO 8601 in the form that nearly all producers write, read from the bytes. */
final class IsoTime {
    /** What is not of this form: the thorough way decides. */
    static final long UNSURE = -1;

    private static final long MILLIS_PER_DAY = 86_400_000L;

    private IsoTime() {}

    /** The epoch milliseconds of YYYY-MM-DDTHH:MM:SS[.f…](Z|±HH:MM), of the years from 2000 on, or {@link #UNSURE}. */
    static long millis(byte[] data, int from, int to) {
        if (to - from < 20
                || data[from + 4] != '-'
                || data[from + 7] != '-'
                || data[from + 10] != 'T'
                || data[from + 13] != ':'
                || data[from + 16] != ':') {
            return UNSURE;
        }
        int year = twoDigits(data, from) * 100 + twoDigits(data, from + 2);
        int month = twoDigits(data, from + 5);
        int day = twoDigits(data, from + 8);
        int hour = twoDigits(data, from + 11);
        int minute = twoDigits(data, from + 14);
        int second = twoDigits(data, from + 17);
        if (year < 2000 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) {
            return UNSURE;
        }
        if (minute < 0 || minute > 59 || second < 0 || second > 59) {
            return UNSURE;
        }
        if (day > 28 && day > Month.of(month).length(Year.isLeap(year))) {
            return UNSURE;
        }
        int zone = from + 19;
        int millis = 0;
        if (data[zone] == '.') {
            int fraction = ++zone;
            int weight = 100;
            while (zone < to && isDigit(data[zone])) {
                millis += (data[zone++] - '0') * weight;
                weight /= 10;
            }
            if (zone == fraction || zone - fraction > 9) {
                return UNSURE;
            }
        }
        int offsetMinutes = offsetMinutes(data, zone, to);
        if (offsetMinutes == Integer.MIN_VALUE) {
            return UNSURE;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return days * MILLIS_PER_DAY + (hour * 60L + minute - offsetMinutes) * 60_000L + second * 1_000L + millis;
    }

    /** Minutes east of UTC, or Integer.MIN_VALUE. */
    private static int offsetMinutes(byte[] data, int from, int to) {
        if (to - from == 1 && data[from] == 'Z') {
            return 0;
        }
        if (to - from != 6 || data[from + 3] != ':' || (data[from] != '+' && data[from] != '-')) {
            return Integer.MIN_VALUE;
        }
        int hours = twoDigits(data, from + 1);
        int minutes = twoDigits(data, from + 4);
        if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int total = hours * 60 + minutes;
        return data[from] == '-' ? -total : total;
    }

    /** The number of two digits, or a negative one, so far down that no sum with another is positive. */
    private static int twoDigits(byte[] data, int from) {
        byte tens = data[from];
        byte ones = data[from + 1];
        return isDigit(tens) && isDigit(ones) ? (tens - '0') * 10 + ones - '0' : -1_000_000;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}

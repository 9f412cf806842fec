"""The words for each fault of a value: what is wrong and what would be right. English msgids for translation."""

from __future__ import annotations

from collections.abc import Mapping

from agreements.errors import N_

MESSAGES: Mapping[str, str] = {
    "field.required": N_("This is needed."),
    "field.unknown": N_("The template does not ask for this."),
    "field.not_text": N_("Write a text here."),
    "field.line_break": N_("This text has one line; take the line break out."),
    "field.invisible_character": N_("The invisible character {code} cannot be part of an agreement; delete it."),
    "field.too_long": N_("Use at most {most} characters; there are {length}."),
    "field.too_short": N_("Use at least {least} characters; there are {length}."),
    "field.not_per_language": N_("Give one text for each language: {languages}."),
    "field.other_language": N_("The agreement has these languages only: {languages}."),
    "field.not_an_email": N_("Write an e-mail address, for example name@example.org."),
    "field.not_a_phone": N_("Write the number with + and the country code, for example +86 28 8888 0000."),
    "field.not_a_zone": N_("Write a time zone by its name, for example Asia/Shanghai or Europe/Helsinki."),
    "field.not_a_country": N_("Write the two-letter code of the country, for example CN, DE or FI."),
    "field.not_an_agreement_number": N_("Use letters, digits, hyphen, point and slash, for example SCA-2020-017."),
    "field.not_a_date": N_("Write the date as year-month-day, for example 2026-11-22."),
    "field.no_such_day": N_("The calendar has no day {given}."),
    "field.date_out_of_range": N_("The year is between 1900 and 2200."),
    "field.not_a_number": N_("Write a number in digits, with a point before decimals, for example 1500.50."),
    "field.not_whole": N_("Write a whole number."),
    "field.decimals": N_("Use at most {decimals} decimals."),
    "field.too_small": N_("The least is {least}."),
    "field.too_large": N_("The most is {most}."),
    "field.not_a_currency": N_("Choose one of these currencies: {allowed}."),
    "field.not_a_unit": N_("Choose one of these units: {allowed}."),
    "field.not_a_choice": N_("Choose one of: {allowed}."),
    "field.not_yes_no": N_("Answer yes or no."),
    "field.not_a_list": N_("Give a list of entries."),
    "field.too_few_rows": N_("Give at least {least} entries; there are {count}."),
    "field.too_many_rows": N_("Give at most {most} entries; there are {count}."),
    "field.not_a_record": N_("Fill in the parts of this entry."),
    "field.identifier": N_("This number is not valid."),
    "field.rule": N_("This does not fit the other values."),
}

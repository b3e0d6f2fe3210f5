import { badgeField } from "@web/views/fields/badge/badge_field";
import { booleanField } from "@web/views/fields/boolean/boolean_field";
import { floatField } from "@web/views/fields/float/float_field";
import { integerField } from "@web/views/fields/integer/integer_field";
import { monetaryField } from "@web/views/fields/monetary/monetary_field";

// Odoo gives columns of figures and of yes and no the room that their values need; our titles above them are longer
// (国际多中心, 实际入组例数), and so are our states (待整改后评定). [least, most] in pixels, padding not counted.
integerField.listViewWidth = [71, 120];
floatField.listViewWidth = [71, 130];
monetaryField.listViewWidth = [105, 160];
badgeField.listViewWidth = [96];
booleanField.listViewWidth = ({ hasLabel }) => (hasLabel ? [64, 110] : [20, 100]);

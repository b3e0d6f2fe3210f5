from . import dataset_report

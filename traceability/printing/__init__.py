"""What goes to a printer: QR symbols, stamp sheets, barcodes. Pure: values in, bytes out."""

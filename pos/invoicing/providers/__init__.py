"""Who issues invoices: nobody, files for the accountant, or a licensed provider."""

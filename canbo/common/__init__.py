"""What every layer may use: findings, language, Vietnamese text, numbers, days, exact shares. No data formats here."""

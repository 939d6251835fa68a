"""What every layer may use: findings, language, Vietnamese text, numbers, exact shares. No data formats here."""

from gunicorn import main
main()

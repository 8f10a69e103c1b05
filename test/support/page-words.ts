/** What sites say on pages that are no articles, and around those that are, by language. */
export const WORDS: Record<
  string,
  Record<
    | 'gone'
    | 'goneText'
    | 'results'
    | 'script'
    | 'login'
    | 'loginText'
    | 'live'
    | 'paywall'
    | 'gallery'
    | 'video'
    | 'flash',
    string
  >
> = {
  ar: {
    gone: 'الصفحة غير موجودة',
    goneText:
      'عذراً، الصفحة التي تبحث عنها غير متاحة أو نُقلت إلى عنوان آخر. يمكنك العودة إلى الصفحة الرئيسية أو استخدام البحث.',
    results: 'نتائج البحث عن',
    script: 'يرجى تفعيل جافا سكريبت في متصفحك ثم إعادة تحميل الصفحة للتأكد من أنك لست روبوتاً.',
    login: 'تسجيل الدخول',
    loginText: 'أدخل بريدك الإلكتروني وكلمة المرور للوصول إلى حسابك، أو أنشئ حساباً جديداً في دقيقة واحدة.',
    live: 'تغطية مباشرة',
    paywall: 'هذا المحتوى للمشتركين فقط',
    gallery: 'بالصور',
    video: 'فيديو',
    flash: 'عاجل',
  },
  en: {
    gone: 'Page not found',
    goneText:
      'Sorry, the page you are looking for is not here or has moved to another address. You can go back to the home page or try a search.',
    results: 'Search results for',
    script:
      'Please enable JavaScript in your browser and reload the page so that we can check that you are not a robot.',
    login: 'Sign in',
    loginText: 'Enter your email address and password to reach your account, or create a new one in a minute.',
    live: 'Live updates',
    paywall: 'Subscribe to continue reading',
    gallery: 'In pictures',
    video: 'Video',
    flash: 'Breaking',
  },
  fr: {
    gone: 'Page introuvable',
    goneText:
      'Désolé, la page que vous cherchez n’existe pas ou a changé d’adresse. Revenez à l’accueil ou lancez une recherche.',
    results: 'Résultats pour',
    script:
      'Veuillez activer JavaScript dans votre navigateur et recharger la page afin de vérifier que vous n’êtes pas un robot.',
    login: 'Se connecter',
    loginText:
      'Saisissez votre adresse et votre mot de passe pour accéder à votre compte, ou créez-en un en une minute.',
    live: 'En direct',
    paywall: 'Article réservé aux abonnés',
    gallery: 'En images',
    video: 'Vidéo',
    flash: 'Alerte',
  },
  fa: {
    gone: 'صفحه پیدا نشد',
    goneText:
      'متأسفانه صفحه‌ای که به دنبال آن هستید وجود ندارد یا به نشانی دیگری منتقل شده است. به صفحه اصلی بازگردید یا جستجو کنید.',
    results: 'نتایج جستجو برای',
    script: 'لطفاً جاوااسکریپت را در مرورگر خود فعال کنید و صفحه را دوباره بارگذاری کنید تا مطمئن شویم ربات نیستید.',
    login: 'ورود',
    loginText: 'برای دسترسی به حساب خود نشانی رایانامه و گذرواژه را وارد کنید یا در یک دقیقه حساب تازه‌ای بسازید.',
    live: 'گزارش لحظه به لحظه',
    paywall: 'این مطلب ویژه مشترکان است',
    gallery: 'به روایت تصویر',
    video: 'ویدیو',
    flash: 'فوری',
  },
  es: {
    gone: 'Página no encontrada',
    goneText:
      'Lo sentimos, la página que busca no existe o ha cambiado de dirección. Puede volver a la portada o hacer una búsqueda.',
    results: 'Resultados de búsqueda de',
    script: 'Active JavaScript en su navegador y vuelva a cargar la página para comprobar que no es un robot.',
    login: 'Iniciar sesión',
    loginText: 'Introduzca su correo y su contraseña para entrar en su cuenta, o cree una nueva en un minuto.',
    live: 'En directo',
    paywall: 'Contenido exclusivo para suscriptores',
    gallery: 'En imágenes',
    video: 'Vídeo',
    flash: 'Última hora',
  },
  ru: {
    gone: 'Страница не найдена',
    goneText:
      'К сожалению, такой страницы нет или она переехала по другому адресу. Вернитесь на главную или воспользуйтесь поиском.',
    results: 'Результаты поиска',
    script: 'Включите JavaScript в браузере и обновите страницу, чтобы мы могли убедиться, что вы не робот.',
    login: 'Вход',
    loginText: 'Введите адрес почты и пароль, чтобы войти в личный кабинет, или создайте новый за одну минуту.',
    live: 'Онлайн',
    paywall: 'Материал доступен только подписчикам',
    gallery: 'Фоторепортаж',
    video: 'Видео',
    flash: 'Срочно',
  },
  tr: {
    gone: 'Sayfa bulunamadı',
    goneText:
      'Üzgünüz, aradığınız sayfa yok ya da başka bir adrese taşınmış. Ana sayfaya dönebilir veya arama yapabilirsiniz.',
    results: 'Arama sonuçları',
    script: 'Robot olmadığınızı doğrulamamız için lütfen tarayıcınızda JavaScript’i açıp sayfayı yeniden yükleyin.',
    login: 'Giriş yap',
    loginText: 'Hesabınıza ulaşmak için e-posta adresinizi ve parolanızı girin ya da bir dakikada yeni hesap açın.',
    live: 'Canlı anlatım',
    paywall: 'Bu içerik abonelere özeldir',
    gallery: 'Fotoğraflarla',
    video: 'Video',
    flash: 'Son dakika',
  },
  de: {
    gone: 'Seite nicht gefunden',
    goneText:
      'Die gesuchte Seite gibt es leider nicht, oder sie ist umgezogen. Gehen Sie zurück zur Startseite oder nutzen Sie die Suche.',
    results: 'Suchergebnisse für',
    script:
      'Bitte schalten Sie JavaScript in Ihrem Browser ein und laden Sie die Seite neu, damit wir sehen, dass Sie kein Roboter sind.',
    login: 'Anmelden',
    loginText:
      'Geben Sie Ihre Adresse und Ihr Passwort ein, um zu Ihrem Konto zu kommen, oder legen Sie in einer Minute ein neues an.',
    live: 'Liveticker',
    paywall: 'Weiterlesen mit Abo',
    gallery: 'Bilderstrecke',
    video: 'Video',
    flash: 'Eilmeldung',
  },
  ur: {
    gone: 'صفحہ نہیں ملا',
    goneText:
      'معذرت، آپ جو صفحہ تلاش کر رہے ہیں وہ موجود نہیں یا کسی اور پتے پر منتقل ہو چکا ہے۔ صفحہ اول پر واپس جائیں یا تلاش کریں۔',
    results: 'تلاش کے نتائج',
    script: 'براہ کرم اپنے براؤزر میں جاوا اسکرپٹ چالو کریں اور صفحہ دوبارہ کھولیں تاکہ یقین ہو کہ آپ روبوٹ نہیں ہیں۔',
    login: 'لاگ اِن',
    loginText: 'اپنے کھاتے تک رسائی کے لیے ای میل اور پاس ورڈ درج کریں یا ایک منٹ میں نیا کھاتا بنائیں۔',
    live: 'براہ راست',
    paywall: 'یہ مواد صرف خریداروں کے لیے ہے',
    gallery: 'تصاویر میں',
    video: 'ویڈیو',
    flash: 'بریکنگ نیوز',
  },
  zh: {
    gone: '页面不存在',
    goneText: '抱歉，您访问的页面不存在或已移至其他地址。您可以返回首页，或使用搜索功能查找内容。',
    results: '搜索结果',
    script: '请在浏览器中启用 JavaScript 并重新加载页面，以便我们确认您不是机器人。',
    login: '登录',
    loginText: '请输入邮箱和密码进入您的账户，或用一分钟注册一个新账户。',
    live: '实时更新',
    paywall: '订阅后继续阅读',
    gallery: '图集',
    video: '视频',
    flash: '快讯',
  },
};

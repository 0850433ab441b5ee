import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import './shell/style.css'
import { i18n, language, speak } from './texts'

speak(language())
createApp(App).use(i18n).use(router).mount('#app')
